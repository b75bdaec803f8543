/** The process of one decoder: PocketSphinx twice, with the language model and with the grammar, both fed live. */
import { runEngine } from "@ts-tars/audio";
import { DecoderEngine } from "./decoder-engine.ts";
import { loadPocketSphinx } from "./library.ts";
import type { Init, News, Order } from "./orders.ts";

runEngine<Init, Order, News>((init, tell) => new DecoderEngine({ ...init, native: loadPocketSphinx(), tell }));
