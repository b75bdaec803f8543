/** What a turn is, what can go wrong with it, and what must be done for it. Types only. */
import type { Message } from "./history.ts";
import type { StageTime } from "./turn-clock.ts";

/** One exchange between a person and the robot, from its beginning to its report. */
export interface Turn {
  readonly uttId: string;
  readonly origin: "typed" | "button" | "api" | "say";
  /** What was asked; what is to be said, when the origin is `say`. */
  readonly text: string;
}

/** Why something did not work. `code` is stable and for machines, `message` for people. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Where the words of an answer come from. */
export type AnswerPath = "intent" | "llm" | "offline" | "error" | "cancelled";

export type SentenceKind = "answer" | "filler" | "error" | "announce";

export type Outcome = "answered" | "cancelled" | "failed" | "stuck" | "router_restart";

/** What must be done, in order. The edge publishes each as one message. */
export type Effect =
  | {
      readonly do: "show";
      readonly uttId: string;
      readonly seq: number;
      readonly text: string;
      readonly path: AnswerPath;
      readonly isFinal: boolean;
      readonly failure?: Failure;
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
    }
  /** Ends the turn at every worker. */
  | { readonly do: "cancel"; readonly uttId: string; readonly reason: string }
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
      readonly origin: Turn["origin"];
      readonly path?: AnswerPath;
      readonly outcome: Outcome;
      readonly reason?: string;
      readonly totalMs: number;
      readonly stages: readonly StageTime[];
      readonly missing: readonly string[];
      readonly clock: "agreed" | "doubtful";
    };
