/** What a conversation consists of, and what can happen to it. The decisions are in `conversation.ts`. */
import type { Alarm, DueAlarm } from "./alarm.ts";
import type { ModelMessage, Response } from "./answering.ts";
import type { Closing } from "./closing.ts";
import { type Exchange, NEW_EXCHANGE } from "./exchange.ts";
import type { Followup } from "./followup.ts";
import type { History } from "./history.ts";
import type { Listening } from "./listening.ts";
import { type Live, NOT_LIVE } from "./live.ts";
import type { Pause } from "./pause.ts";
import type { Lost, Peers } from "./peers.ts";
import type { Plan } from "./plans.ts";
import type { Run } from "./run.ts";
import type { SpeechNews } from "./speech.ts";
import type { Timer } from "./timers/timers.ts";
import type { Effect, Failure, Turn } from "./turn.ts";
import type { SoundPosition } from "./window.ts";

export type Activity =
  | { readonly kind: "asleep" }
  | { readonly kind: "listening"; readonly listening: Listening }
  | { readonly kind: "thinking"; readonly run: Run }
  | { readonly kind: "speaking"; readonly run: Run }
  | { readonly kind: "paused"; readonly run: Run; readonly pause: Pause }
  | { readonly kind: "followup"; readonly followup: Followup }
  | { readonly kind: "alarm"; readonly alarm: Alarm };

export interface Conversation {
  readonly activity: Activity;
  /** What led to the activity, in a word. */
  readonly reason: string;
  /** Questions whose answers are only written. */
  readonly beside: readonly Run[];
  /** Announcements that wait for the end of the running turn. */
  readonly waiting: readonly Turn[];
  /** Cancelled turns whose workers have not all acknowledged. */
  readonly closing: readonly Closing[];
  readonly history: History;
  /** The newest turn ids, oldest first. */
  readonly seen: readonly string[];
  readonly peers: Peers;
  /** The last turn that the microphone was granted to. */
  readonly lastListened: string | undefined;
  /** The whole of what was answered or announced last. */
  readonly lastSaid: string | undefined;
  readonly timers: readonly Timer[];
  readonly exchange: Exchange;
  readonly live: Live;
  /** Timers that wait for the end of the running turn. */
  readonly dueAlarm: DueAlarm | undefined;
}

/** `newUttId`: of the turn that it begins by voice, if it begins one. */
export type ConversationEvent = { readonly atMs: number; readonly newUttId: string } & (
  | {
      readonly type: "asked";
      readonly turn: Turn;
      readonly speak: "auto" | "yes" | "no";
      readonly plan: Plan;
    }
  /** The talk button was pressed; the turn is a new one. */
  | ({ readonly type: "listen_started" } & Pick<Listening, "uttId" | "speak" | "captureId" | "fromSample">)
  /** Somebody said the wake phrase; the utterance begins behind it. */
  | ({ readonly type: "called" } & SoundPosition)
  /** The same, and another site heard it better. */
  | { readonly type: "called_elsewhere" }
  /** Somebody speaks over our speech; this is where it begins. */
  | ({ readonly type: "interrupted" } & SoundPosition)
  | { readonly type: "stop_word_heard" }
  | { readonly type: "listen_stopped"; readonly toSample: number | undefined }
  | { readonly type: "listen_dropped" }
  | {
      readonly type: "transcribed";
      readonly words: Words;
      readonly plan: Plan;
      readonly timing: SpeechTiming;
      /** How loud it was, dB below full scale. */
      readonly levelDb: number | undefined;
    }
  | {
      readonly type: "refused";
      readonly uttId: string;
      readonly failure: Failure;
      readonly timing: SpeechTiming;
    }
  /** What was sent while the broker was away may be lost. */
  | { readonly type: "reconnected" }
  | { readonly type: "announced"; readonly turn: Turn }
  /** By a person or a program; without an id, everything at this site. */
  | { readonly type: "cancelled"; readonly uttId: string | undefined; readonly reason: string }
  | { readonly type: "streamed"; readonly uttId: string; readonly message: Omit<ModelMessage, "atMs"> }
  | {
      readonly type: "responded";
      readonly uttId: string;
      readonly response: Response;
      readonly isCancelled: boolean;
      readonly firstTokenMs: number | undefined;
    }
  | {
      readonly type: "sounded";
      readonly uttId: string;
      readonly news: SpeechNews;
      readonly firstAudibleMs: number | undefined;
    }
  | { readonly type: "acknowledged"; readonly uttId: string; readonly service: string }
  /** A worker came, went, or was restarted (what it had in hand is lost then). */
  | { readonly type: "peer_changed"; readonly peers: Peers; readonly lost: readonly Lost[] }
  /** The turns a former life of the router left behind. */
  | {
      readonly type: "found";
      readonly uttId: string | undefined;
      /** It had come to its end, and was listened on after. */
      readonly isOver: boolean;
      readonly asks: readonly string[];
      readonly isGranted: boolean;
    }
  /** Those of a former life; by the clock of this one. */
  | { readonly type: "timers_found"; readonly timers: readonly Timer[] }
  | { readonly type: "time_passed" }
);

/** What was said, before it is known how its turn began. */
export type Words = Omit<Turn, "origin">;

/** What stt-worker measured of an utterance. */
export interface SpeechTiming {
  /** From the last speech to the decision that it was over. */
  readonly endpointMs: number | undefined;
  /** From that decision to the transcript. */
  readonly transcribeMs: number | undefined;
}

export type EventOf<Type extends ConversationEvent["type"]> = ConversationEvent & { readonly type: Type };

/** The next conversation, and what must be done to get there, in order. */
export type Step = readonly [Conversation, readonly Effect[]];

/** A conversation that has not begun. */
export function openConversation(peers: Peers): Conversation {
  return {
    activity: { kind: "asleep" },
    reason: "started",
    beside: [],
    waiting: [],
    closing: [],
    history: [],
    seen: [],
    peers,
    lastListened: undefined,
    lastSaid: undefined,
    timers: [],
    exchange: NEW_EXCHANGE,
    live: NOT_LIVE,
    dueAlarm: undefined,
  };
}

/** The run of the conversation itself. */
export function activeRunOf({ activity }: Conversation): Run | undefined {
  return "run" in activity ? activity.run : undefined;
}

/** Every run of the site, that of the conversation first. */
export function runsOf(conversation: Conversation): readonly Run[] {
  const active = activeRunOf(conversation);
  return active === undefined ? conversation.beside : [active, ...conversation.beside];
}
