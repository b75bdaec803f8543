import { defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { Hex32 } from "./fields.ts";

/** How a word is spoken that the recogniser's own dictionary may lack. */
export const Pronunciation = z.object({
  /** Lower case, as in the grammar. */
  word: z.string().regex(/^\S{1,64}$/, "must be one word"),
  /** Phones of the CMU dictionary without stress, with spaces between: `T AA R Z`. */
  phones: z
    .string()
    .regex(/^[A-Z]{1,3}( [A-Z]{1,3})*$/, "must be phones with spaces between")
    .max(200),
});
export type Pronunciation = z.output<typeof Pronunciation>;

/** The commands that the robot knows, as a recogniser's grammar. */
export const IntentsCurrent = z.object({
  /** Of the router's process; of another boot the state is stale. */
  boot: Hex32,
  /** Of the intents: changes with every change of them. */
  version: z.string().min(1).max(64),
  /** JSGF with one public rule; words in lower case. Free text (what is to be said, names) is not in it. */
  jsgf: z.string().max(200_000),
  words: z.array(Pronunciation).max(2_000),
});
export type IntentsCurrent = z.output<typeof IntentsCurrent>;

/** router → stt-worker, ui. stt-worker takes a new grammar between two utterances. */
export const intentsCurrent = defineTopic({
  name: "intents/current",
  type: "intents.current",
  delivery: "state",
  payload: IntentsCurrent,
});
