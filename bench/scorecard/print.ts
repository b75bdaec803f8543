/** A report as a person reads it. Pure. */
import type { BarVerdict } from "./bars.ts";
import type { BreakReport } from "./breaks/try-break.ts";
import type { CaseReport, ColumnReport, FaultReport } from "./report.ts";
import type { SelfCheck } from "./self-check.ts";

/** One line after each fault, for whoever watches. */
export function describeFault({ name, lastedMs, backMs }: FaultReport, number: number): string {
  const back = backMs.filter(({ length }) => length > 0).map((each) => each.map(milliseconds).join("/"));
  const returned = back.length === 0 ? "" : `; back after ${back.join(" and ")} ms`;
  return `${number}. ${name}, over after ${seconds(lastedMs)} s${returned}`;
}

/** Each fault, or how often each kind came when there were many; then each column's totals against the bars. */
export function describeReport(report: CaseReport): string {
  const { faults } = report;
  const areTimed = faults.every(({ backMs }) => backMs.length > 0);
  const rows = areTimed
    ? [headOf(report), ...faults.map((fault, index) => rowOf(report, { fault, index }))]
    : [["times", "fault"], ...countKinds(faults)];
  return [
    ...table(rows),
    "",
    ...report.columns.flatMap((column) => [...describeColumn(column, faults), ""]),
    `lasted ${seconds(report.lastedMs)} s; a 10 ms timer beside it was late by ${report.latenessP99Ms.toFixed(1)} ms (p99)`,
    ...report.missing.map(({ need, value, atLeast }) => `DOES NOT COUNT  ${need}: ${value}, and ${atLeast} are needed`),
    `${report.passed ? "PASSED" : "FAILED"}  ${report.case}, seed ${report.seed}`,
  ].join("\n");
}

/** What a broken rule did. */
export function describeBreak({ rule, figure, value, missed, isNoticed }: BreakReport): string {
  const bars = Object.entries(missed).map(([name, seen]) => `${name} ${seen}`);
  const all = bars.length === 0 ? "no bar was missed" : `missed: ${bars.join(", ")}`;
  return `${isNoticed ? "ok     " : "USELESS"} ${rule.padEnd(15)} ${figure} ${value}; ${all}`;
}

function countKinds(faults: readonly FaultReport[]): readonly (readonly string[])[] {
  const counts = new Map<string, number>();
  for (const { name } of faults) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].toSorted(([a], [b]) => a.localeCompare(b)).map(([name, count]) => [`${count}`, name]);
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
    const back = fault.backMs[column] ?? [];
    const toll = perFault[index];
    return [back.map(milliseconds).join(" "), `${toll?.accepted}`, `${toll?.lostByBroker}`];
  });
  return [`${index + 1}`, fault.name, seconds(fault.lastedMs), ...cells];
}

function describeColumn(
  { name, figures, bars, guilty, logged, declaredReasons, perFault }: ColumnReport,
  faults: readonly FaultReport[],
): readonly string[] {
  const { lost_by_client, lost_by_broker, lost_in_cut, declared, declared_by_word } = figures;
  const broker = Object.entries(lossesByKind(faults, perFault)).map(([name, count]) => `${count} (${name})`);
  const said = Object.entries(declaredReasons).map(([reason, count]) => `, ${reason} ${count}`);
  return [
    `${name}: ${figures.published} published, ${figures.accepted} to be delivered, ${figures.delivered} delivered; lost by the client ${lost_by_client}, ` +
      `by the broker ${lost_by_broker}, in the cut ${lost_in_cut}; declared ${declared}: ` +
      `publisher killed ${declared - declared_by_word}${said.join("")}`,
    `  repeated after a kill ${figures.repeats}; handled twice in one life ${figures.duplicates}, out of order ${figures.out_of_order}; ` +
      `back p50 ${milliseconds(figures.back_p50_ms)}, max ${milliseconds(figures.back_max_ms)} ms`,
    ...(broker.length === 0 ? [] : [`  lost by the broker at: ${broker.join(", ")}`]),
    ...bars.map(describeBar),
    ...Object.entries(logged).map(([line, count]) => `  logged ${count} ×  ${line}`),
    ...Object.entries(guilty).map(([kind, messages]) => `  ${kind}: ${messages.join(", ")}`),
  ];
}

/** What the broker lost, by the kind of the fault during or before which it had been accepted. */
function lossesByKind(
  faults: readonly FaultReport[],
  perFault: ColumnReport["perFault"],
): Readonly<Record<string, number>> {
  const losses: Record<string, number> = {};
  for (const [index, { lostByBroker }] of perFault.entries()) {
    const name = faults[index]?.name ?? "after the last";
    if (lostByBroker > 0) losses[name] = (losses[name] ?? 0) + lostByBroker;
  }
  return losses;
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
