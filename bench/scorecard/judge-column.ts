/** From what a column left behind to its report. */
import { judgeBars } from "./bars.ts";
import type { Column } from "./column.ts";
import { figuresOf } from "./figures.ts";
import { describeJudged, type Judged, keepLedger, type Ledger } from "./ledger/ledger.ts";
import type { ColumnReport, FaultReport, FaultToll } from "./report.ts";
import type { ScorecardCase } from "./scorecard-case.ts";

/** Keeps the ledgers of a column that has finished. @throws {Error} when its record is not sound. */
export function judgeColumn(
  column: Column,
  {
    chosen,
    faults,
    index,
  }: { readonly chosen: ScorecardCase; readonly faults: readonly FaultReport[]; readonly index: number },
): ColumnReport {
  const ledgers = column.recordings().map(keepLedger);
  const figures = figuresOf(ledgers, {
    backMs: faults.flatMap(({ backMs }) => backMs[index] ?? []),
    published: column.publishedCount,
    refused: column.refusedCount,
    unsettledPromises: column.unsettledPromiseCount,
    lateStops: column.lateStopCount,
    neverBack: column.neverBackCount,
    ...column.ackFaults,
  });
  const { name, client } = column.plan;
  return {
    name,
    client,
    figures,
    bars: client === "ours" ? judgeBars(figures, chosen.bars) : [],
    perFault: tollOf(ledgers, faults),
    logged: column.loggedCounts,
    declaredReasons: column.declaredReasons,
    counters: column.counters,
    guilty: guiltyOf(ledgers),
  };
}

function tollOf(ledgers: readonly Ledger[], faults: readonly FaultReport[]): readonly FaultToll[] {
  const judged = ledgers.flatMap((ledger) => ledger.judged);
  const ends = [...faults.map(({ overAtMs }) => overAtMs), Number.POSITIVE_INFINITY];
  return ends.map((untilMs, index) => {
    const sinceMs = ends[index - 1] ?? 0;
    const mine = judged.filter(({ acceptedAtMs }) => acceptedAtMs > sinceMs && acceptedAtMs <= untilMs);
    const lostByBroker = mine.filter(({ fates }) => fates.includes("lost_by_broker")).length;
    const delivered = mine.filter(({ fates }) => fates.includes("delivered")).length;
    return { accepted: mine.length, lostByBroker, otherwiseMissing: mine.length - delivered - lostByBroker };
  });
}

/** So many of each kind are named. */
const NAMED_COUNT = 10;

function guiltyOf(ledgers: readonly Ledger[]): ColumnReport["guilty"] {
  const all = {
    fates: ledgers.flatMap(({ judged }) => judged.filter(isGuilty).map(describeJudged)),
    duplicates: ledgers.flatMap(({ duplicates }) => duplicates),
    outOfOrder: ledgers.flatMap(({ outOfOrder }) => outOfOrder),
    excessRepeats: ledgers.flatMap(({ excessRepeats }) => excessRepeats),
    strangers: ledgers.flatMap(({ strangers }) => strangers),
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([kind, messages]) =>
      messages.length === 0 ? [] : [[kind, messages.slice(0, NAMED_COUNT)]],
    ),
  );
}

function isGuilty({ fates, isForgiven }: Judged): boolean {
  const [fate] = fates;
  return (
    fates.length !== 1 || fate === "lost_by_client" || fate === "lost_in_cut" || (fate === "declared" && !isForgiven)
  );
}
