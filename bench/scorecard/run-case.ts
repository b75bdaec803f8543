/** Runs a case: real broker, real processes, the drawn faults one after the other, and the ledger at the end. */
import { setTimeout as delay } from "node:timers/promises";
import { openBroker, type TestBroker } from "@ts-tars/harness";
import { type BarVerdict, judgeBars } from "./bars.ts";
import { type BackMs, type Column, type ColumnPlan, openColumn } from "./column.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { watchLateness } from "./lateness.ts";
import { describeJudged, type Judged, keepLedger, type Ledger } from "./ledger/ledger.ts";
import type { Planned } from "./schedule.ts";
import type { Fault, ScorecardCase } from "./scorecard-case.ts";

/** What came of a case. */
export interface CaseReport {
  readonly case: string;
  readonly seed: number;
  readonly faults: readonly FaultReport[];
  readonly columns: readonly ColumnReport[];
  /** p99 of how late a 10 ms timer fired in the process that holds the links. */
  readonly latenessP99Ms: number;
  readonly passed: boolean;
}

/** One fault as it came about. */
export interface FaultReport {
  readonly name: string;
  /** From the fault until the port was open again. */
  readonly lastedMs: number;
  /** Unix epoch milliseconds; the messages accepted between two such times belong to the fault between them. */
  readonly overAtMs: number;
  /** One entry per column. */
  readonly backMs: readonly BackMs[];
}

/** One column's result. */
export interface ColumnReport {
  readonly name: string;
  readonly figures: Figures;
  readonly bars: readonly BarVerdict[];
  /** Messages with their fates, per fault: those accepted since the one before it. The last entry comes after all. */
  readonly perFault: readonly FaultToll[];
  /** How often each warning or error of the clients was logged. */
  readonly logged: Readonly<Record<string, number>>;
  /** What the clients counted about themselves; nothing is judged by it. */
  readonly counters: Column["counters"];
  /** The first messages of each kind that may not be, for whoever looks into it. */
  readonly guilty: Readonly<Record<string, readonly string[]>>;
}

/** What a fault cost. */
export interface FaultToll {
  readonly accepted: number;
  readonly lostByBroker: number;
  readonly otherwiseMissing: number;
}

/** How a case is run. */
export interface RunOptions {
  readonly seed: number;
  readonly plan: readonly Planned[];
  readonly columns: readonly ColumnPlan[];
  readonly signal: AbortSignal;
  /** Told after each fault. */
  readonly onFault: (report: FaultReport, number: number) => void;
}

/** Runs it. @throws when a process of it ends too early, or the signal's reason. */
export async function runCase(chosen: ScorecardCase, options: RunOptions): Promise<CaseReport> {
  await using broker = await openBroker({ persistence: true, maxQueued: chosen.broker.maxQueued });
  await using stack = new AsyncDisposableStack();
  const columns: Column[] = [];
  for (const plan of options.columns) {
    columns.push(stack.use(await openColumn({ plan, target: broker.target, traffic: chosen.traffic })));
  }
  const lateness = watchLateness();
  const faults: FaultReport[] = [];
  for (const { fault, peaceMs } of options.plan) {
    await delay(peaceMs, undefined, { signal: options.signal });
    const report = await strike(fault, { broker, columns, signal: options.signal });
    faults.push(report);
    options.onFault(report, faults.length);
  }
  await Promise.all(columns.map((column) => column.finish()));
  const reports = columns.map((column, index) => judgeColumn(column, { chosen, faults, index }));
  return {
    case: chosen.name,
    seed: options.seed,
    faults,
    columns: reports,
    latenessP99Ms: lateness.stop(),
    passed: reports.every(({ bars }) => bars.every(({ isMet }) => isMet)),
  };
}

interface Running {
  readonly broker: TestBroker;
  readonly columns: readonly Column[];
  readonly signal: AbortSignal;
}

/** Brings a fault about and takes it back; resolves when all clients are back. */
async function strike(fault: Fault, running: Running): Promise<FaultReport> {
  const { broker, columns, signal } = running;
  const links = columns.flatMap((column) => column.links);
  const beganAtMs = performance.now();
  await (fault.signal === "SIGKILL" ? broker.kill() : broker.stop());
  for (const link of links) link.down();
  await delay(Math.max(0, beganAtMs + fault.downMs - performance.now()), undefined, { signal });
  await broker.start();
  const portOpenAtMs = performance.now();
  const overAtMs = Date.now();
  await Promise.all(links.map((link) => link.up()));
  const backMs = await Promise.all(columns.map((column) => column.backAfter(portOpenAtMs)));
  return { name: fault.name, lastedMs: portOpenAtMs - beganAtMs, overAtMs, backMs };
}

function judgeColumn(
  column: Column,
  {
    chosen,
    faults,
    index,
  }: { readonly chosen: ScorecardCase; readonly faults: readonly FaultReport[]; readonly index: number },
): ColumnReport {
  const ledger = keepLedger(column.recording());
  const backMs = faults.flatMap((fault) => Object.values(fault.backMs[index] ?? {}));
  const figures = figuresOf(ledger, { backMs, refused: column.refusedCount });
  return {
    name: column.plan.name,
    figures,
    bars: judgeBars(figures, chosen.bars),
    perFault: tollOf(ledger, faults),
    logged: column.loggedCounts,
    counters: column.counters,
    guilty: guiltyOf(ledger),
  };
}

function tollOf({ judged }: Ledger, faults: readonly FaultReport[]): readonly FaultToll[] {
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

function guiltyOf({ judged, duplicates, outOfOrder, strangers }: Ledger): ColumnReport["guilty"] {
  const isGuilty = ({ fates }: Judged): boolean =>
    fates.length !== 1 || (fates[0] !== "delivered" && fates[0] !== "lost_by_broker");
  const all = {
    fates: judged.filter(isGuilty).map(describeJudged),
    duplicates,
    outOfOrder,
    strangers,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([kind, messages]) =>
      messages.length === 0 ? [] : [[kind, messages.slice(0, NAMED_COUNT)]],
    ),
  );
}
