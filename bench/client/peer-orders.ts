/** What the bench and the processes of its two ends say to each other. Pure. */
import type { Contestant } from "../ends/end.ts";
import type { PayloadKind } from "../ends/payload.ts";

/** Who opens how many clients at which end. */
export interface EndSettings {
  readonly contestant: Contestant;
  readonly url: string;
  readonly qos: 0 | 1;
  readonly payload: PayloadKind;
  readonly text: string;
  /** Clients of this end, all in one process. */
  readonly clientCount: number;
  /** Topics below `bench/`, `t0` and up: one for all, or one for each client. */
  readonly topicCount: number;
}

/** To the publisher's process, one at a time; each is answered once. */
export type PublisherOrder =
  | { readonly do: "open"; readonly settings: EndSettings }
  /** As fast as the client takes it, never more than `aheadCount` before the subscriber. */
  | { readonly do: "pour"; readonly count: number; readonly aheadCount: number }
  | { readonly do: "pace"; readonly count: number; readonly perSecond: number };

/** To the subscriber's process. `receive` is answered at the `count`th message. */
export type SubscriberOrder =
  | { readonly do: "open"; readonly settings: EndSettings }
  | { readonly do: "receive"; readonly count: number };

/** Out of turn: from the subscriber how many it has handled, handed on to the publisher. */
export interface Progress {
  readonly handled: number;
}

/** The work of one process over one order. */
export interface Work {
  readonly cpuUs: number;
  /** Monotonic milliseconds of the machine. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Of the event loop, beyond the timer's own millisecond. */
  readonly loopLagP99Ms: number;
}

export interface Received extends Work {
  /** Publish to handler, for each message. */
  readonly latenciesMs: readonly number[];
}

export type Answer<T> = { readonly answer: T } | { readonly failed: string };
