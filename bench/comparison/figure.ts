/** What a case measures, what is demanded of it, and what came of it. Pure. */
import { median, quartiles } from "./statistics.ts";

/** One measurement's results by the figure's name. */
export type Measurement = Readonly<Record<string, number>>;

/** One figure of a case. */
export interface FigureSpec {
  readonly name: string;
  readonly unit: string;
  readonly better: "less" | "more";
  /** How ours must stand to the other: `ours / other` at most this where less is better, at least this where more is. */
  readonly bar?: number;
  /** As the bar, for what is wished and not demanded. */
  readonly aim?: number;
  /** Demanded of ours alone, in the figure's unit. */
  readonly limit?: number;
}

/** The measurements of one case: pairs that were taken alternately, and pairs of the other with itself. */
export interface Measured {
  readonly pairs: readonly { readonly ours: Measurement; readonly other: Measurement }[];
  readonly samePairs: readonly (readonly [Measurement, Measurement])[];
}

/** A figure with its verdict. */
export interface Figure extends FigureSpec {
  /** Medians. */
  readonly ours: number;
  readonly other: number;
  /** The median of the pairs' ratios `ours / other`, and the quartiles between which half of them lie. */
  readonly ratio: number;
  readonly spread: readonly [lower: number, upper: number];
  /** How far two measurements of the same thing lay apart, as a share: no difference below it says anything. */
  readonly sameSpread: number;
  readonly bars: Verdict;
  readonly aims: Verdict;
}

export type Verdict = "met" | "missed" | "none";

/** Medians, ratios and verdicts of one figure. What was not measured misses its bar. */
export function figureOf(spec: FigureSpec, { pairs, samePairs }: Measured): Figure {
  const read = (measurement: Measurement): number => measurement[spec.name] ?? Number.NaN;
  const ratios = pairs.map(({ ours, other }) => read(ours) / read(other));
  const ours = median(pairs.map((pair) => read(pair.ours)));
  const ratio = median(ratios);
  const sameSpread = median(samePairs.map(([first, second]) => Math.abs(read(second) / read(first) - 1)));
  const judged = { ...spec, ours, ratio, sameSpread };
  return {
    ...judged,
    other: median(pairs.map((pair) => read(pair.other))),
    spread: quartiles(ratios),
    bars: judgeBars(judged),
    aims: judgeRatio(judged, spec.aim),
  };
}

type Judged = FigureSpec & Pick<Figure, "ours" | "ratio" | "sameSpread">;

function judgeBars(figure: Judged): Verdict {
  const verdicts = [judgeRatio(figure, figure.bar), judgeLimit(figure)];
  if (verdicts.includes("missed")) return "missed";
  return verdicts.includes("met") ? "met" : "none";
}

/** Where equals lie further apart than this, the machine was too busy for the rule below. */
const MAX_SAME_SPREAD = 0.1;

/** A difference inside the spread of equals counts as equal, which helps where equal is good enough, and nowhere else. */
function judgeRatio({ better, ratio, sameSpread }: Judged, wanted: number | undefined): Verdict {
  if (wanted === undefined) return "none";
  const counted = Math.abs(ratio - 1) <= Math.min(sameSpread, MAX_SAME_SPREAD) ? 1 : ratio;
  return keeps({ better, limit: wanted }, ratio) || keeps({ better, limit: wanted }, counted) ? "met" : "missed";
}

function judgeLimit({ better, limit, ours }: Judged): Verdict {
  if (limit === undefined) return "none";
  return keeps({ better, limit }, ours) ? "met" : "missed";
}

function keeps(
  { better, limit }: { readonly better: "less" | "more"; readonly limit: number },
  value: number,
): boolean {
  return better === "less" ? value <= limit : value >= limit;
}
