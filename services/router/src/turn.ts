/** What a turn is, what can go wrong with it, and what must be done for it. Types only. */
import type { Message } from "./history.ts";
import type { Expectation, Meaning } from "./plans.ts";
import type { Timer } from "./timers/timers.ts";
import type { StageTime } from "./turn-clock.ts";

/** How a turn began; `followup` and `wake` by voice alone. */
export type Origin = "typed" | "button" | "wake" | "followup" | "api" | "timer" | "say";

/** One exchange between a person and the robot, from its beginning to its report. */
export interface Turn {
  readonly uttId: string;
  readonly origin: Origin;
  /** What was asked; what is to be said, when the origin is `say`. */
  readonly text: string;
  /** The intent that the text was understood as. */
  readonly meaning?: Meaning | undefined;
  /** What its answer wants to hear in return; absent: anything. */
  readonly expects?: Expectation | undefined;
}

/** Why something did not work. `code` is stable and for machines, `message` for people. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Where the words of an answer come from. */
export type AnswerPath = "intent" | "llm" | "offline" | "error" | "cancelled";

export type SentenceKind = "answer" | "filler" | "error" | "announce" | "alarm";

export type Outcome = "answered" | "cancelled" | "failed" | "no_speech" | "stuck" | "router_restart";

/** All timers that run at the site, to be there after a restart. */
export interface TimerEffect {
  readonly do: "keep_timers";
  /** Of whatever changed them. */
  readonly uttId: string;
  readonly timers: readonly Timer[];
}

/** `open` transcribes the next utterance; `armed` with `isFinishing` the one that is being spoken, without it drops that. */
export type Grant =
  | {
      readonly grant: "open";
      readonly captureId: string | undefined;
      readonly fromSample: number | undefined;
      readonly ttlMs: number;
    }
  | { readonly grant: "armed"; readonly isFinishing: boolean; readonly toSample: number | undefined };

/** What must be done, in order. The edge publishes each as one message, but for the timers. */
export type Effect =
  | TimerEffect
  | {
      readonly do: "show";
      readonly uttId: string;
      readonly seq: number;
      readonly text: string;
      readonly path: AnswerPath;
      readonly isFinal: boolean;
      readonly failure?: Failure;
      /** With the final one. */
      readonly meaning?: Meaning;
    }
  | {
      readonly do: "say";
      readonly uttId: string;
      readonly seq: number;
      readonly text: string;
      readonly kind: SentenceKind;
      readonly isLast: boolean;
    }
  | {
      readonly do: "ask_model";
      readonly uttId: string;
      readonly question: string;
      readonly history: readonly Message[];
      /** For this question only. */
      readonly hint?: string;
    }
  /** What the microphone may do. A message sent twice changes nothing. */
  | ({ readonly do: "grant"; readonly uttId: string } & Grant)
  /** What the loudspeaker of the site is to do from now on; `ratio` is of its full volume. */
  | {
      readonly do: "adjust";
      readonly uttId: string;
      readonly order:
        | { readonly kind: "mute" }
        | { readonly kind: "unmute" }
        | { readonly kind: "volume"; readonly ratio: number };
    }
  /** Ends the turn at every worker. */
  | { readonly do: "cancel"; readonly uttId: string; readonly reason: string }
  /** Holds the speech of the turn, for so long at most, and lets it go on. */
  | { readonly do: "pause"; readonly uttId: string; readonly ttlMs: number }
  | { readonly do: "resume"; readonly uttId: string }
  /** Ends the speech of the turn only; its text goes on. */
  | { readonly do: "hush"; readonly uttId: string; readonly reason: string }
  | {
      readonly do: "record";
      readonly uttId: string;
      readonly user: string;
      readonly heard: string;
      readonly isInterrupted: boolean;
    }
  | {
      readonly do: "report";
      readonly uttId: string;
      readonly origin: Origin;
      readonly path?: AnswerPath;
      readonly outcome: Outcome;
      readonly reason?: string;
      readonly totalMs: number;
      readonly stages: readonly StageTime[];
      readonly missing: readonly string[];
      readonly clock: "agreed" | "doubtful";
    };
