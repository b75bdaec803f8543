/** What came of a case, as it is printed with `--json`. */
import type { BarVerdict } from "./bars.ts";
import type { BackMs } from "./column.ts";
import type { Figures } from "./figures.ts";
import type { NeedVerdict } from "./needs.ts";
import type { Counters } from "./peers/peer-messages.ts";
import type { ClientKind } from "./scorecard-case.ts";

/** What came of a case. */
export interface CaseReport {
  readonly case: string;
  readonly seed: number;
  readonly faults: readonly FaultReport[];
  readonly columns: readonly ColumnReport[];
  /** What the run was too short for; empty when it counts. A short form needs nothing. */
  readonly missing: readonly NeedVerdict[];
  /** p99 of how late a 10 ms timer fired in the process that holds the links. */
  readonly latenessP99Ms: number;
  readonly lastedMs: number;
  readonly passed: boolean;
}

/** One fault as it came about. */
export interface FaultReport {
  readonly name: string;
  /** From the fault until it was taken back; for the broker until its port was open again. */
  readonly lastedMs: number;
  /** Unix epoch milliseconds; the messages accepted between two such times belong to the fault between them. */
  readonly overAtMs: number;
  /** One entry per column; empty where nobody's return was timed. */
  readonly backMs: readonly BackMs[];
}

/** One column's result. */
export interface ColumnReport {
  readonly name: string;
  readonly client: ClientKind;
  readonly figures: Figures;
  /** None for a client that is there to be compared with. */
  readonly bars: readonly BarVerdict[];
  /** Messages with their fates, per fault: those accepted since the one before it. The last entry comes after all. */
  readonly perFault: readonly FaultToll[];
  /** How often each warning or error of the clients was logged. */
  readonly logged: Readonly<Record<string, number>>;
  /** Why messages were declared, by the clients' own word. */
  readonly declaredReasons: Readonly<Record<string, number>>;
  /** What the clients counted about themselves; nothing is judged by it. */
  readonly counters: Readonly<Record<string, Counters>>;
  /** The first messages of each kind that may not be, for whoever looks into it. */
  readonly guilty: Readonly<Record<string, readonly string[]>>;
}

/** What a fault cost. */
export interface FaultToll {
  readonly accepted: number;
  readonly lostByBroker: number;
  readonly otherwiseMissing: number;
}
