/** What a conversation consists of, and what can happen to it. The decisions are in `conversation.ts`. */
import type { ModelMessage, Response } from "./answering.ts";
import type { Closing } from "./closing.ts";
import type { History } from "./history.ts";
import type { Run } from "./run.ts";
import type { SpeechNews } from "./speech.ts";
import type { Effect, Turn } from "./turn.ts";

export type Activity =
  | { readonly kind: "asleep" }
  | { readonly kind: "thinking"; readonly run: Run }
  | { readonly kind: "speaking"; readonly run: Run };

/** What is known of the two workers a turn needs; `unseen` until the first word of one. */
export interface Peers {
  readonly model: "unseen" | "up" | "down";
  readonly loudspeaker: "unseen" | "up" | "muted" | "down";
}

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
}

export type ConversationEvent = { readonly atMs: number } & (
  | {
      readonly type: "asked";
      readonly turn: Turn;
      readonly speak: "auto" | "yes" | "no";
      /** What the robot can answer by itself. */
      readonly localAnswer: string | undefined;
    }
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
  | { readonly type: "peer_changed"; readonly peers: Peers; readonly lost: readonly (keyof Peers)[] }
  /** The turns a former life of the router left behind. */
  | { readonly type: "found"; readonly uttId: string | undefined; readonly asks: readonly string[] }
  | { readonly type: "time_passed" }
);

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
  };
}

/** Every run of the site, that of the conversation first. */
export function runsOf({ activity, beside }: Conversation): readonly Run[] {
  return activity.kind === "asleep" ? beside : [activity.run, ...beside];
}
