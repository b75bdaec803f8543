/** What is spoken, and what is said of it. Types only. */
import type { SpeechKind } from "@ts-tars/contracts";

/** One sentence that was asked for. */
export interface Sentence {
  readonly uttId: string;
  readonly sayId: string;
  readonly seq: number;
  /** No more of its turn follows. With an empty text it only says that. */
  readonly isLast: boolean;
  readonly kind: SpeechKind;
  readonly text: string;
  readonly voice: string | undefined;
  readonly lang: string | undefined;
}

/** How a sentence ended: it sounded to its end, was cut in the middle, or never sounded. */
export type End = "done" | "cut" | "dropped" | "expired" | "error";

/** What is told of a sentence; each that is asked for ends in exactly one `speaking_end` or `failed`. */
export type Report =
  | { readonly event: "queued" | "resumed"; readonly sentence: Sentence }
  | {
      readonly event: "speaking_start";
      readonly sentence: Sentence;
      readonly firstAudibleMs: number;
      readonly expectedMs: number;
    }
  | { readonly event: "paused" | "stopped"; readonly sentence: Sentence; readonly spokenRatio: number }
  | {
      readonly event: "speaking_end" | "failed";
      readonly sentence: Sentence;
      readonly reason: End;
      readonly spokenRatio: number;
      /** For people, when something is the matter. */
      readonly detail?: string;
    };
