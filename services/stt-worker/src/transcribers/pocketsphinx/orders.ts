/** What the service and its decoder's process say to each other. Pure. */
import type { DecoderFacts, Grammar, PartialReadings, Profile, Readings } from "../../transcriber.ts";

/** What a decoder's process is started with. */
export interface Init {
  /** Holds `en-us` (the acoustic model), `en-us.lm.bin` and `cmudict-en-us.dict`. */
  readonly modelDir: string;
  /** Undefined: measured at the start. */
  readonly profile: Profile | undefined;
}

/** `utterance` numbers them, so that what is late is known as such. */
export type Order =
  /** Comes first. */
  | { readonly do: "introduce" }
  | { readonly do: "begin"; readonly utterance: number }
  | { readonly do: "feed"; readonly pcm: Int16Array }
  | { readonly do: "finish" }
  | { readonly do: "drop" }
  | { readonly do: "use_grammar"; readonly grammar: Grammar };

export type News =
  | { readonly type: "introduced"; readonly facts: DecoderFacts }
  | { readonly type: "partial"; readonly utterance: number; readonly readings: PartialReadings }
  | { readonly type: "final"; readonly utterance: number; readonly readings: Readings }
  | { readonly type: "grammar"; readonly version: string; readonly problem: string | undefined };
