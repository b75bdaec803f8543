/** A report as a person reads it. Pure. */
import type { CaseReport } from "./compare.ts";
import type { Figure, Verdict } from "./figure.ts";

const MARKS: Readonly<Record<Verdict, string>> = { met: "ok", missed: "MISSED", none: "" };

/** The case, and a line for each of its figures. */
export function describeReport({ case: name, summary, figures, latenessP99Ms }: CaseReport): string {
  const lateness = `(a 10 ms timer beside it was ${latenessP99Ms.toFixed(1)} ms late, p99)`;
  return [`${name}: ${summary} ${lateness}`, ...table(figures.map(cellsOf))].join("\n");
}

/** What missed its bar, one line each; empty when nothing did. */
export function missedBars(reports: readonly CaseReport[]): readonly string[] {
  return reports.flatMap(({ case: name, figures }) =>
    figures
      .filter(({ bars }) => bars === "missed")
      .map((figure) => `${name}: ${cellsOf(figure).slice(1).join("  ").trim()}`),
  );
}

function cellsOf(figure: Figure): readonly string[] {
  const { name, unit, ours, other, bars } = figure;
  const isCompared = Number.isFinite(other);
  return [
    MARKS[bars],
    name,
    `${readable(ours)} ${unit}`,
    isCompared ? `against ${readable(other)}` : "",
    isCompared ? ratioOf(figure) : "",
    limitsOf(figure),
  ];
}

function ratioOf({ ratio, spread, sameSpread }: Figure): string {
  const same = Number.isFinite(sameSpread) ? `, equals ± ${(100 * sameSpread).toFixed(0)} %` : "";
  return `${ratio.toFixed(2)} × (${spread.map((value) => value.toFixed(2)).join("–")}${same})`;
}

function limitsOf({ better, bar, aim, limit, unit, aims }: Figure): string {
  const sign = better === "less" ? "≤" : "≥";
  const parts = [
    ...(bar === undefined ? [] : [`bar ${sign} ${bar}`]),
    ...(limit === undefined ? [] : [`bar ${sign} ${limit} ${unit}`]),
    ...(aim === undefined ? [] : [`aim ${sign} ${aim} ${aims}`]),
  ];
  return parts.join(", ");
}

/** Three digits that say something. */
function readable(value: number): string {
  if (!Number.isFinite(value)) return "nothing";
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
}
