/** A case of the scorecard: what it does to the traffic and what it demands of the client, as data. */
import type { Bar } from "./bars.ts";

/** Which end of a column. */
export type Side = "publisher" | "subscriber";

/** What the long form of a case must have done to count. */
export type Need = "cuts" | "broker_kills" | "half_opens" | "publisher_kills" | "subscriber_kills";

/** What is done; each kind has its file in `strikes/`. */
export type Deed =
  /** `downMs`: from the signal until the broker is started again. */
  | {
      readonly do: "restart_broker";
      readonly signal: "SIGKILL" | "SIGTERM";
      readonly downMs: number;
      /** Default the same: sessions and messages survive. */
      readonly store?: "same" | "emptied";
    }
  | { readonly do: "cut_link"; readonly side: Side; readonly how: "cut" | "reset" }
  | { readonly do: "half_open"; readonly side: Side }
  /** `present`: the session is gone and the CONNACK says that it is there; `absent`: the other way round. */
  | { readonly do: "lie_about_session"; readonly side: Side; readonly says: "present" | "absent" }
  /** The subscriber's PUBACKs are swallowed, then its connection is cut: all of it comes a second time. */
  | { readonly do: "redeliver" }
  /** Handlers of a subscriber behave so for a while. */
  | { readonly do: "misbehave"; readonly how: Misbehaviour }
  /** SIGKILL, and a new life of the same process; `clock`: what it believes the date to be. */
  | { readonly do: "kill_peer"; readonly side: Side; readonly clock: Clock }
  /** Someone else connects with the same client id, once. */
  | { readonly do: "intrude"; readonly side: Side }
  /** A publisher's link gets slow and full, and then it has to say stop. */
  | { readonly do: "throttle" };

/** `slow`: seconds for each message, over a cut · `throw`: first attempts fail, some of them all · `hang`: one never ends. */
export type Misbehaviour = "slow" | "throw" | "hang";

/** A robot without a battery for its clock wakes up in 1970. */
export type Clock = "real" | "1970";

/** Something that is done to a running system. */
export type Fault = Deed & {
  /** As printed: `SIGKILL 5 s`. */
  readonly name: string;
  /** How often at least, in a run that is long enough; by default as often as the case says. */
  readonly fewest?: number;
  readonly counts?: Need;
};

/** What the publishers of a case send. */
export interface Traffic {
  /** Of each publisher. */
  readonly messagesPerSecond: number;
  /** Topics, and keys within each; order is promised per pair of both. */
  readonly topics: number;
  /** The first so many topics are durable: their messages survive the publisher's process. */
  readonly durableTopics: number;
  readonly keysPerTopic: number;
  /** Of `data`; the envelope comes on top. */
  readonly paddingBytes: number;
  /** Each so-many-th message is published with `publishConfirmed`, so that there are promises to be settled. */
  readonly confirmEvery: number;
  /** A handler takes so long at most; 0: one turn of the event loop. */
  readonly handlerMs: number;
  /** Whether there is a topic of high priority besides, and with it a control link. */
  readonly hasStops: boolean;
}

/** Whose client it is. */
export type ClientKind = "ours" | "mqttjs";

/** MQTT's versions. */
export type Protocol = "5" | "3.1.1";

/** One client under test beside the others: each of its publishers is heard by each of its subscribers. */
export interface ColumnPlan {
  /** As printed. */
  readonly name: string;
  readonly client: ClientKind;
  /** One entry for each process: the version it speaks. */
  readonly publishers: readonly Protocol[];
  readonly subscribers: readonly Protocol[];
}

/** How a case goes when there is little time. */
export interface ShortForm {
  /** Names of its columns. */
  readonly columns: readonly string[];
  readonly runs: number;
  readonly peaceMs: readonly [from: number, to: number];
}

/** One case. */
export interface ScorecardCase {
  readonly name: string;
  readonly summary: string;
  readonly columns: readonly ColumnPlan[];
  readonly traffic: Traffic;
  /** One way, of every link, milliseconds: what is in flight is what a fault can hit. */
  readonly delayMs: number;
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
  /** Of each column of ours. */
  readonly bars: readonly Bar[];
  /** What a long run must hold to count; empty for a case that may have any length. */
  readonly needs: Readonly<Partial<Record<Need | "messages", number>>>;
  /** Undefined: the case has no short form. */
  readonly short: ShortForm | undefined;
}
