/** A case of the scorecard: what it does to the traffic and what it demands of the client, as data. */
import type { Bar } from "./bars.ts";

/** Something that is done to a running system; more kinds join this union with the cases that need them. */
export interface Fault {
  readonly do: "restart_broker";
  /** As printed: `SIGKILL 5 s`. */
  readonly name: string;
  readonly signal: "SIGKILL" | "SIGTERM";
  /** From the signal until the broker is started again, milliseconds. */
  readonly downMs: number;
}

/** What the publishers of a case send. */
export interface Traffic {
  readonly messagesPerSecond: number;
  /** Topics, and keys within each; order is promised per pair of both. */
  readonly topics: number;
  readonly keysPerTopic: number;
  /** Of `data`; the envelope comes on top. */
  readonly paddingBytes: number;
  /** Each so-many-th message is published with `publishConfirmed`, so that there are promises to be settled. */
  readonly confirmEvery: number;
}

/** One case. */
export interface ScorecardCase {
  readonly name: string;
  readonly summary: string;
  readonly traffic: Traffic;
  /** The faults of a run are drawn from these. */
  readonly faults: readonly Fault[];
  /** Each kind comes at least so often, when there are enough runs. */
  readonly fewestOfEach: number;
  /** How many faults, unless told otherwise. */
  readonly runs: number;
  /** How long the system runs in peace before each fault, milliseconds; drawn from this range. */
  readonly peaceMs: readonly [from: number, to: number];
  readonly broker: {
    /** Messages the broker keeps for one client. */
    readonly maxQueued: number;
  };
  readonly bars: readonly Bar[];
}
