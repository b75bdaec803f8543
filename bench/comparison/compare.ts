/** Runs a case: alternating pairs, then pairs of the same, then the verdicts. */
import { watchLateness } from "../scorecard/lateness.ts";
import type { BenchCase, Conditions } from "./bench-case.ts";
import { type Figure, figureOf, type Measured, type Measurement } from "./figure.ts";

/** How often. */
export interface Pairs {
  /** A B A B … */
  readonly pairCount: number;
  /** A A … */
  readonly samePairCount: number;
}

/** A case with its verdicts, and all that was measured. */
export interface CaseReport extends Measured {
  readonly case: string;
  readonly summary: string;
  readonly figures: readonly Figure[];
  /** How late a 10 ms timer of the bench itself was, p99. */
  readonly latenessP99Ms: number;
}

/** Beyond this a time says little, and a missed limit is tried again, once. */
const MAX_LATENESS_MS = 20;

export interface CompareDeps extends Pairs, Conditions {
  readonly onProgress: (line: string) => void;
}

/** Measures, and once more when the machine was so busy that a limit in absolute time says little. */
export async function compare(chosen: BenchCase, deps: CompareDeps): Promise<CaseReport> {
  const report = await compareOnce(chosen, deps);
  const hasMissedLimit = report.figures.some(({ limit, bars }) => limit !== undefined && bars === "missed");
  if (!hasMissedLimit || report.latenessP99Ms <= MAX_LATENESS_MS) return report;
  deps.onProgress(
    `a limit was missed on a busy machine (a 10 ms timer was ${report.latenessP99Ms.toFixed(0)} ms late)`,
  );
  return compareOnce(chosen, deps);
}

async function compareOnce(chosen: BenchCase, deps: CompareDeps): Promise<CaseReport> {
  const lateness = watchLateness();
  try {
    const measured = await measureAll(chosen, deps);
    const figures = chosen.figures.map((spec) => figureOf(spec, measured));
    return { case: chosen.name, summary: chosen.summary, figures, latenessP99Ms: lateness.stop(), ...measured };
  } finally {
    lateness.stop();
  }
}

async function measureAll(
  { name, ours, other, pairCount }: BenchCase,
  { onProgress, samePairCount, ...deps }: CompareDeps,
): Promise<Measured> {
  const pairs: { readonly ours: Measurement; readonly other: Measurement }[] = [];
  const count = Math.min(pairCount ?? deps.pairCount, deps.pairCount);
  for (let index = 1; index <= count; index += 1) {
    deps.signal.throwIfAborted();
    // Nobody to compare with: the pair has one half.
    const theirs = other === undefined ? {} : await other(deps);
    pairs.push({ other: theirs, ours: await ours(deps) });
    onProgress(`${name}: pair ${index} of ${count}`);
  }
  const samePairs: (readonly [Measurement, Measurement])[] = [];
  for (let index = 1; other !== undefined && index <= samePairCount; index += 1) {
    deps.signal.throwIfAborted();
    samePairs.push([await other(deps), await other(deps)]);
    onProgress(`${name}: same with same ${index} of ${samePairCount}`);
  }
  return { pairs, samePairs };
}
