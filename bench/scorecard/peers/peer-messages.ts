/** What the scorecard and its peers tell each other. The peers' notes are those of an application, not of its client. */
import type { Accepted, Declared, Handled, MessageName } from "../ledger/recording.ts";
import type { Misbehaviour, Protocol, Traffic } from "../scorecard-case.ts";

/** How a peer's client is set up; everything not named here stays at its default. */
export interface PeerSettings {
  readonly url: string;
  readonly clientId: string;
  readonly protocol: Protocol;
  /** The first level of this column's topics under `scorecard/`. */
  readonly column: string;
  /** Unique among the publishers of the column: the beginning of its keys. */
  readonly name: string;
  readonly traffic: Traffic;
  /** Counts the lives of this peer's process from 1. */
  readonly life: number;
  /** How many messages earlier lives have offered: the first of this one follows them. */
  readonly offeredBefore: number;
  /** A directory that outlives the process. */
  readonly stateFolder: string;
}

/** Orders. `finish` ends the traffic: one more message of each key, then everything confirmed. */
export type PeerOrder =
  | { readonly do: "start"; readonly settings: PeerSettings }
  /** To a subscriber: its handlers behave so for a while. */
  | { readonly do: "misbehave"; readonly how: Misbehaviour }
  /** To a publisher: publish so many large messages at once, and behind them a stop. */
  | { readonly do: "burst"; readonly count: number; readonly paddingBytes: number }
  | { readonly do: "finish" }
  | { readonly do: "close" };

/** What a client counted about itself, by the name of the counter. */
export type Counters = Readonly<Record<string, number>>;

/** What is known only at the end. */
export interface PeerTotals {
  readonly promises: { readonly made: number; readonly settled: number };
  readonly counters: Counters;
  /** How often the client was connected, by its own word; compared with the record. */
  readonly connectionCount: number;
}

/** Reports; `obeyed` answers `burst` and `misbehave`. */
export type PeerReport =
  | { readonly type: "ready" | "obeyed" | "finished" }
  | { readonly type: "closed"; readonly totals: PeerTotals };

/**
 * One note, written before the peer does anything else, on a pipe of its own: what was noted survives a SIGKILL of its writer.
 * `offered` comes before `publish` is called, `accepted` when it has returned; `id` is empty where the client gave none.
 */
export type PeerNote =
  | { readonly type: "offered"; readonly message: MessageName }
  | { readonly type: "accepted"; readonly note: Accepted; readonly id: string }
  | { readonly type: "handled"; readonly note: Handled }
  | { readonly type: "declared"; readonly note: Declared }
  /** The same by the client's id of the message, which an earlier life may have published. */
  | { readonly type: "undelivered"; readonly id: string; readonly reason: string }
  /** `publish` threw this. */
  | { readonly type: "refused"; readonly errorName: string }
  /** A warning or an error of the client. */
  | { readonly type: "logged"; readonly message: string }
  /** A stop was published while `behind` and what came before it were on their way. */
  | { readonly type: "stop_sent"; readonly stop: string; readonly behind: MessageName }
  | { readonly type: "stop_heard"; readonly stop: string };

/** Where a peer writes its notes: behind its three streams and the channel for orders. */
export const NOTES_FD = 4;
