/** Runs a case: real broker, real processes, the drawn faults one after the other, and the ledger at the end. */
import { setTimeout as delay } from "node:timers/promises";
import { openBroker } from "@ts-tars/harness";
import { type Column, openColumn } from "./column.ts";
import { judgeColumn } from "./judge-column.ts";
import { watchLateness } from "./lateness.ts";
import { missingOf } from "./needs.ts";
import type { CaseReport, FaultReport } from "./report.ts";
import type { Planned } from "./schedule.ts";
import type { ColumnPlan, ScorecardCase } from "./scorecard-case.ts";
import { strike } from "./strikes/strike.ts";

/** How a case is run. */
export interface RunOptions {
  readonly seed: number;
  readonly plan: readonly Planned[];
  readonly columns: readonly ColumnPlan[];
  readonly form: "long" | "short";
  readonly signal: AbortSignal;
  /** Told after each fault. */
  readonly onFault: (report: FaultReport, number: number) => void;
}

/** Runs it. @throws when a process of it ends too early, or the signal's reason. */
export async function runCase(chosen: ScorecardCase, options: RunOptions): Promise<CaseReport> {
  const beganAtMs = performance.now();
  await using broker = await openBroker({ persistence: true, maxQueued: chosen.broker.maxQueued });
  await using stack = new AsyncDisposableStack();
  const columns: Column[] = [];
  for (const plan of options.columns) {
    const { traffic, delayMs } = chosen;
    columns.push(stack.use(await openColumn(plan, { target: broker.target, traffic, delayMs })));
  }
  const lateness = watchLateness();
  const faults: FaultReport[] = [];
  for (const { fault, peaceMs, lot } of options.plan) {
    await delay(peaceMs, undefined, { signal: options.signal });
    const struck = await strike(fault, { broker, columns, lot, signal: options.signal });
    const report = { name: fault.name, overAtMs: Date.now(), ...struck };
    faults.push(report);
    options.onFault(report, faults.length);
  }
  await Promise.all(columns.map((column) => column.finish()));
  const reports = columns.map((column, index) => judgeColumn(column, { chosen, faults, index }));
  const done = { faults: options.plan.map(({ fault }) => fault), columns: reports };
  const missing = options.form === "short" ? [] : missingOf(chosen, done);
  return {
    case: chosen.name,
    seed: options.seed,
    faults,
    columns: reports,
    missing,
    latenessP99Ms: lateness.stop(),
    lastedMs: performance.now() - beganAtMs,
    passed: missing.length === 0 && reports.every(({ bars }) => bars.every(({ isMet }) => isMet)),
  };
}
