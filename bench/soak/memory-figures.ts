/** Whether a process that went on and on is flat. Pure. */
import { type Figure, type FigureSpec, figureOf } from "../comparison/figure.ts";
import { theilSenSlope } from "../comparison/statistics.ts";
import type { Weight } from "./soak-orders.ts";

const TEN_MINUTES_MS = 600_000;
const MEGABYTE = 1e6;
const MEBIBYTE = 1024 ** 2;

const SLOPE: FigureSpec = { name: "heap slope over 10 minutes", unit: "MB", better: "less", limit: 5 };
const RISE: FigureSpec = { name: "memory above its start, at most", unit: "MB", better: "less", limit: 64 };
const HEAP: FigureSpec = { name: "heap at the end", unit: "MiB", better: "less" };
const PEAK: FigureSpec = { name: "memory at most", unit: "MiB", better: "less" };

/** Names of what can be compared with other runs: levels, for a slope near nothing has no share. */
export const LEVELS: readonly string[] = [HEAP.name, PEAK.name];

export interface Weighing {
  /** Before whatever was to be endured; memory is held against it. */
  readonly start: Weight;
  /** In a steady state: the slope is taken through these, and needs three. */
  readonly weights: readonly Weight[];
}

/** The figures of one process with their verdicts. */
export function memoryFigures({ start, weights }: Weighing): readonly Figure[] {
  const slope = theilSenSlope(weights.map(({ atMs, heapBytes }) => ({ atMs, value: heapBytes })));
  const rssBytes = weights.map((weight) => weight.rssBytes);
  const values = {
    [SLOPE.name]: weights.length < 3 ? Number.NaN : (slope * TEN_MINUTES_MS) / MEGABYTE,
    [RISE.name]: (Math.max(...rssBytes) - start.rssBytes) / MEGABYTE,
    [HEAP.name]: (weights.at(-1)?.heapBytes ?? Number.NaN) / MEBIBYTE,
    [PEAK.name]: Math.max(...rssBytes) / MEBIBYTE,
  };
  return [SLOPE, RISE, HEAP, PEAK].map((spec) => judge(spec, values));
}

/** A count that must be nothing. */
export function noneOf(name: string, count: number): Figure {
  return judge({ name, unit: "messages", better: "less", limit: 0 }, { [name]: count });
}

function judge(spec: FigureSpec, values: Readonly<Record<string, number>>): Figure {
  return figureOf(spec, { pairs: [{ ours: values, other: {} }], samePairs: [] });
}
