/** A report as a person reads it. Pure. */
import type { BarVerdict } from "./bars.ts";
import type { CaseReport, ColumnReport, FaultReport } from "./run-case.ts";
import type { SelfCheck } from "./self-check.ts";

/** One line after each fault, for whoever watches. */
export function describeFault({ name, lastedMs, backMs }: FaultReport, number: number): string {
  const back = backMs.map(({ publisher, subscriber }) => `${milliseconds(publisher)}/${milliseconds(subscriber)}`);
  return `${number}. ${name}, port open after ${seconds(lastedMs)} s; back after ${back.join(" and ")} ms`;
}

/** Each fault, then each column's totals against the bars. */
export function describeReport(report: CaseReport): string {
  return [
    ...table([headOf(report), ...report.faults.map((fault, index) => rowOf(report, { fault, index }))]),
    "",
    ...report.columns.flatMap((column) => [...describeColumn(column), ""]),
    `a 10 ms timer beside it was late by ${report.latenessP99Ms.toFixed(1)} ms (p99)`,
    `${report.passed ? "PASSED" : "FAILED"}  ${report.case}, seed ${report.seed}`,
  ].join("\n");
}

/** What was planted and what was found. */
export function describeSelfCheck(checks: readonly SelfCheck[]): string {
  const lines = checks.map(({ planted, found, passed }) =>
    passed
      ? `ok      found exactly what was planted: ${JSON.stringify(planted)}`
      : `FAILED  planted ${JSON.stringify(planted)}\n        found   ${JSON.stringify(found)}`,
  );
  return lines.join("\n");
}

function headOf({ columns }: CaseReport): readonly string[] {
  return [
    "#",
    "fault",
    "lasted s",
    ...columns.flatMap(({ name }) => [`${name}: back ms`, "messages", "lost by broker"]),
  ];
}

function rowOf(
  { columns }: CaseReport,
  { fault, index }: { readonly fault: FaultReport; readonly index: number },
): readonly string[] {
  const cells = columns.flatMap(({ perFault }, column) => {
    const { publisher = Number.NaN, subscriber = Number.NaN } = fault.backMs[column] ?? {};
    const toll = perFault[index];
    return [`${milliseconds(publisher)} ${milliseconds(subscriber)}`, `${toll?.accepted}`, `${toll?.lostByBroker}`];
  });
  return [`${index + 1}`, fault.name, seconds(fault.lastedMs), ...cells];
}

function describeColumn({ name, figures, bars, guilty, logged }: ColumnReport): readonly string[] {
  const { accepted, delivered, lost_by_broker, lost_in_cut, back_p50_ms, back_max_ms } = figures;
  return [
    `${name}: ${accepted} accepted, ${delivered} delivered, ${lost_by_broker} lost by the broker, ${lost_in_cut} lost in the cut; ` +
      `back p50 ${milliseconds(back_p50_ms)}, max ${milliseconds(back_max_ms)} ms`,
    ...bars.map(describeBar),
    ...Object.entries(logged).map(([line, count]) => `  logged ${count} ×  ${line}`),
    ...Object.entries(guilty).map(([kind, messages]) => `  ${kind}: ${messages.join(", ")}`),
  ];
}

function describeBar({ bar, value, isMet }: BarVerdict): string {
  const limit = "atMost" in bar ? `≤ ${bar.atMost}` : `≥ ${bar.atLeast}`;
  const shown = Number.isInteger(value) ? `${value}` : value.toFixed(2);
  return `  ${isMet ? "ok    " : "MISSED"}  ${bar.figure.padEnd(20)} ${shown.padStart(8)}  ${limit}`;
}

/** Columns as wide as their widest cell; the first two to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 1 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  "),
  );
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}

function milliseconds(ms: number): string {
  return Number.isFinite(ms) ? ms.toFixed(0) : "never";
}
