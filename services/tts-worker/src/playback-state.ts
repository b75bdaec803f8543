/** What a loudspeaker is at, what happens to it, and what it must do. Pure. */
import type { Report, Sentence } from "./sentence.ts";

export type Stage =
  | { readonly kind: "idle" }
  | { readonly kind: "preparing"; readonly current: Sentence; readonly sinceMs: number }
  | {
      readonly kind: "sounding";
      readonly current: Sentence;
      /** When it would have begun, had it never waited for anything. */
      readonly sinceMs: number;
      /** Of the whole sentence: an estimate until all of it is synthesised. */
      readonly expectedMs: number;
      /** How much had sounded when its deadline was last set. */
      readonly seenRatio: number;
    }
  | {
      readonly kind: "paused";
      readonly current: Sentence;
      readonly untilMs: number;
      /** Of the whole sentence; undefined when it had not begun to sound. */
      readonly expectedMs: number | undefined;
    }
  /** Its turn is paused, the sentence came to its end all the same, and the next one has not come yet. */
  | { readonly kind: "held"; readonly uttId: string; readonly untilMs: number };

export interface Playback {
  readonly stage: Stage;
  readonly waiting: readonly Sentence[];
  /** Grows with each sentence handed to the loudspeaker. */
  readonly generation: number;
  /** Turns whose sentences are dropped, and until when. */
  readonly cancelled: ReadonlyMap<string, number>;
  /** The newest sentences asked for: one that comes again is not spoken again. */
  readonly known: readonly string[];
}

export interface Limits {
  readonly waitingMax: number;
  readonly rememberMs: number;
  /** From the order to play to the first audible sample. */
  readonly startMs: number;
  /** A sentence that goes on no more may be this much later than expected. */
  readonly overrunMs: number;
  /** A pause without a deadline of its own. */
  readonly pauseMs: number;
}

/** What the service works with. */
export const DEFAULT_LIMITS: Limits = {
  waitingMax: 200,
  rememberMs: 120_000,
  startMs: 10_000,
  overrunMs: 5_000,
  pauseMs: 20_000,
};

/** `spokenRatio`: how much of the current sentence has sounded when the event happens. */
export type PlaybackEvent = { readonly atMs: number; readonly spokenRatio: number } & (
  | { readonly type: "requested"; readonly sentence: Sentence }
  | { readonly type: "started"; readonly generation: number; readonly expectedMs: number }
  /** It is known better how long the sentence will sound. */
  | { readonly type: "refined"; readonly generation: number; readonly expectedMs: number }
  | { readonly type: "ended"; readonly generation: number }
  | { readonly type: "broke"; readonly generation: number; readonly cause: string }
  /** The turn is over: what sounds, waits or comes later of it. */
  | { readonly type: "cancelled"; readonly uttId: string }
  | { readonly type: "paused"; readonly uttId: string | undefined; readonly ttlMs: number | undefined }
  | { readonly type: "resumed"; readonly uttId: string | undefined }
  | { readonly type: "stopped"; readonly uttId: string | undefined }
  /** Nobody conducts any more: the sentence is finished, the queue emptied. */
  | { readonly type: "abandoned" }
  /** The service ends: nothing more sounds. */
  | { readonly type: "silenced" }
  | { readonly type: "time_passed" }
);

export type EventOf<Type extends PlaybackEvent["type"]> = PlaybackEvent & { readonly type: Type };

export type PlaybackEffect =
  | { readonly do: "play"; readonly sentence: Sentence; readonly generation: number }
  | { readonly do: "cut" | "pause" | "resume" }
  | { readonly do: "report"; readonly report: Report }
  /** Answers a cancel. */
  | { readonly do: "acknowledge"; readonly uttId: string; readonly wasActive: boolean };

/** The next state, and what must be done to get there, in order. */
export type Step = readonly [Playback, readonly PlaybackEffect[]];

export const SILENCE: Playback = {
  stage: { kind: "idle" },
  waiting: [],
  generation: 0,
  cancelled: new Map(),
  known: [],
};
