/** What the scorecard and its peers tell each other. The peers' notes are those of an application, not of its client. */
import type { Accepted, Declared, Handled } from "../ledger/recording.ts";
import type { Traffic } from "../scorecard-case.ts";

/** How a peer's client is set up; everything not named here stays at its default. */
export interface PeerSettings {
  readonly url: string;
  readonly clientId: string;
  readonly protocol: "5" | "3.1.1";
  /** The first level of this column's topics under `scorecard/`. */
  readonly column: string;
  readonly traffic: Traffic;
  /** Counts the lives of this peer's process from 1. */
  readonly life: number;
}

/** Orders. `finish` ends the traffic: one more message of each key, then everything confirmed. */
export type PeerOrder =
  | { readonly do: "start"; readonly settings: PeerSettings }
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

/** Reports. `noted` holds everything since the last one. */
export type PeerReport =
  | { readonly type: "ready" }
  | { readonly type: "noted"; readonly notes: PeerNotes }
  | { readonly type: "finished" }
  | { readonly type: "closed"; readonly totals: PeerTotals };

/** Notes in the order in which things happened. */
export interface PeerNotes {
  readonly accepted: readonly Accepted[];
  readonly handled: readonly Handled[];
  readonly declared: readonly Declared[];
  /** Messages that `publish` refused to take, by the name of the error. */
  readonly refused: readonly string[];
  /** What the client logged as a warning or an error. */
  readonly logged: readonly string[];
}
