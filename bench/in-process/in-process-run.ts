/** What one in-process measurement is, and what comes of it. Pure. */
import type { Contestant } from "../ends/end.ts";
import type { PayloadKind } from "../ends/payload.ts";
import type { SelfTimes } from "./self-times.ts";

/** One client at one end of a fake stream. */
export interface InProcessRun {
  readonly contestant: Contestant;
  readonly side: "publish" | "receive";
  readonly qos: 0 | 1;
  readonly payload: PayloadKind;
  /** What is said in every message. */
  readonly text: string;
  /** Subscriptions of the receiver, one of which gets the messages. */
  readonly filterCount: number;
  /** One subscription with a wildcard instead. */
  readonly isWildcard: boolean;
  /** Topics that take turns. */
  readonly topicCount: number;
  /** The contract orders by key, not by topic. */
  readonly isKeyed: boolean;
  /** Keys that take turns. */
  readonly keyCount: number;
  readonly warmUpCount: number;
  readonly messageCount: number;
  /** Say where the time went; costs some itself. */
  readonly isProfiled?: boolean;
}

/** Of the whole process, the fake stream included. */
export interface InProcessResult {
  readonly cpuUs: number;
  readonly messagesPerSecond: number;
  /** Set when asked for. */
  readonly selfTimes?: SelfTimes;
}
