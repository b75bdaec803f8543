/** The figures of a run. Pure. */
import type { AckFaults } from "./ledger/acknowledgements.ts";
import { contradictions, type Fate, type Ledger, messagesOf } from "./ledger/ledger.ts";

/** One column's result in numbers; but for `published`, a message counts once for each subscriber that it is for. */
export interface Figures {
  /** Messages that `publish` took. */
  readonly published: number;
  readonly accepted: number;
  /** Messages that `publish` threw for; they are not among the accepted. */
  readonly refused: number;
  readonly delivered: number;
  readonly delivered_percent: number;
  readonly declared: number;
  /** Of these, by the client's own word; the others' publisher was killed before the PUBACK. */
  readonly declared_by_word: number;
  readonly lost_by_client: number;
  readonly lost_by_broker: number;
  readonly lost_in_cut: number;
  readonly contradictions: number;
  readonly strangers: number;
  readonly duplicates: number;
  /** Begun again by a later life of the subscriber's process, and how much of that the record does not explain. */
  readonly repeats: number;
  readonly excess_repeats: number;
  readonly out_of_order: number;
  readonly unsettled_promises: number;
  readonly acks_out_of_order: number;
  readonly stray_acks: number;
  /** Stops that did not overtake the traffic before them. */
  readonly stops_late: number;
  /** Clients that were not connected again within the deadline after a fault. */
  readonly never_back: number;
  /** Port open → SUBACK on the record, over all restarts of the broker and all clients. */
  readonly back_p50_ms: number;
  readonly back_p95_ms: number;
  readonly back_max_ms: number;
}

/** What is counted beside the ledgers. */
export interface Observed extends AckFaults {
  /** One time for each return, infinite for a client that did not come back. */
  readonly backMs: readonly number[];
  readonly published: number;
  readonly refused: number;
  readonly unsettledPromises: number;
  readonly lateStops: number;
  readonly neverBack: number;
}

/** Counts, over all pairs of publisher and subscriber. */
export function figuresOf(ledgers: readonly Ledger[], observed: Observed): Figures {
  const sum = (count: (ledger: Ledger) => number): number =>
    ledgers.reduce((total, ledger) => total + count(ledger), 0);
  const ended = (fate: Fate): number => sum((ledger) => messagesOf(ledger, fate).length);
  const accepted = sum(({ judged }) => judged.length);
  const delivered = ended("delivered");
  return {
    published: observed.published,
    accepted,
    refused: observed.refused,
    delivered,
    delivered_percent: accepted === 0 ? 0 : (100 * delivered) / accepted,
    declared: ended("declared"),
    declared_by_word: sum((ledger) => messagesOf(ledger, "declared").filter(({ isForgiven }) => !isForgiven).length),
    lost_by_client: ended("lost_by_client"),
    lost_by_broker: ended("lost_by_broker"),
    lost_in_cut: ended("lost_in_cut"),
    contradictions: sum((ledger) => contradictions(ledger).length),
    strangers: sum(({ strangers }) => strangers.length),
    duplicates: sum(({ duplicates }) => duplicates.length),
    repeats: sum(({ repeatCount }) => repeatCount),
    excess_repeats: sum(({ excessRepeats }) => excessRepeats.length),
    out_of_order: sum(({ outOfOrder }) => outOfOrder.length),
    unsettled_promises: observed.unsettledPromises,
    acks_out_of_order: observed.overtakingCount,
    stray_acks: observed.strayCount,
    stops_late: observed.lateStops,
    never_back: observed.neverBack,
    back_p50_ms: percentile(observed.backMs, 50),
    back_p95_ms: percentile(observed.backMs, 95),
    back_max_ms: percentile(observed.backMs, 100),
  };
}

/** The nearest rank: the smallest value that is not below so many percent of them; NaN when there are none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}
