/** The figures of a run. Pure. */
import { contradictions, type Ledger, messagesOf } from "./ledger/ledger.ts";

/** One column's result in numbers. */
export interface Figures {
  readonly accepted: number;
  /** Messages that `publish` threw for; they are not among the accepted. */
  readonly refused: number;
  readonly delivered: number;
  readonly delivered_percent: number;
  readonly declared: number;
  readonly lost_by_client: number;
  readonly lost_by_broker: number;
  readonly lost_in_cut: number;
  readonly contradictions: number;
  readonly strangers: number;
  readonly duplicates: number;
  readonly out_of_order: number;
  readonly unsettled_promises: number;
  /** Port open → SUBACK on the record, over all faults and both clients. */
  readonly back_p50_ms: number;
  readonly back_p95_ms: number;
  readonly back_max_ms: number;
}

/** What is counted beside the ledger. */
export interface Observed {
  /** One time for each return, infinite for a client that did not come back. */
  readonly backMs: readonly number[];
  readonly refused: number;
}

/** Counts. */
export function figuresOf(ledger: Ledger, { backMs, refused }: Observed): Figures {
  const accepted = ledger.judged.length;
  const delivered = messagesOf(ledger, "delivered").length;
  return {
    accepted,
    refused,
    delivered,
    delivered_percent: accepted === 0 ? 0 : (100 * delivered) / accepted,
    declared: messagesOf(ledger, "declared").length,
    lost_by_client: messagesOf(ledger, "lost_by_client").length,
    lost_by_broker: messagesOf(ledger, "lost_by_broker").length,
    lost_in_cut: messagesOf(ledger, "lost_in_cut").length,
    contradictions: contradictions(ledger).length,
    strangers: ledger.strangers.length,
    duplicates: ledger.duplicates.length,
    out_of_order: ledger.outOfOrder.length,
    unsettled_promises: ledger.unsettledPromises,
    back_p50_ms: percentile(backMs, 50),
    back_p95_ms: percentile(backMs, 95),
    back_max_ms: percentile(backMs, 100),
  };
}

/** The nearest rank: the smallest value that is not below so many percent of them; NaN when there are none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}
