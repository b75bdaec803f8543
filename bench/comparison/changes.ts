/** What has become better or worse since an earlier run. Pure. */
import type { Figure } from "./figure.ts";

/** As much of a run as is compared. */
export interface Compared {
  readonly cases: readonly {
    readonly case: string;
    readonly figures: readonly Pick<Figure, "name" | "better" | "ours" | "ratio" | "sameSpread">[];
  }[];
}

export interface Change {
  readonly case: string;
  readonly figure: string;
  /** Of the ratio; of ours where nothing was compared. */
  readonly before: number;
  readonly after: number;
  readonly isWorse: boolean;
}

/** Smaller differences between two runs say nothing, however close equals lay together. */
const LEAST_SHARE = 0.05;

/**
 * Figures that both runs have and that lie apart by more than equals did in either. Ratios are compared where there are any: they
 * stand for the client, and absolute figures for the machine and what else it did.
 */
export function changesSince(earlier: Compared, now: Compared): readonly Change[] {
  return now.cases.flatMap(({ case: name, figures }) => {
    const before = earlier.cases.find((report) => report.case === name)?.figures ?? [];
    return figures.flatMap((figure) => {
      const old = before.find((candidate) => candidate.name === figure.name);
      const change = old === undefined ? undefined : changeOf(old, figure);
      return change === undefined ? [] : [{ case: name, figure: figure.name, ...change }];
    });
  });
}

type Part = Compared["cases"][number]["figures"][number];

function changeOf(old: Part, figure: Part): Pick<Change, "before" | "after" | "isWorse"> | undefined {
  const isRatio = Number.isFinite(old.ratio) && Number.isFinite(figure.ratio);
  const [before, after] = isRatio ? [old.ratio, figure.ratio] : [old.ours, figure.ours];
  const noise = Math.max(LEAST_SHARE, ...[old.sameSpread, figure.sameSpread].filter(Number.isFinite));
  const share = after / before - 1;
  if (!(Math.abs(share) > noise)) return undefined;
  return { before, after, isWorse: figure.better === "less" ? share > 0 : share < 0 };
}

/** A line for each, worse ones first. */
export function describeChanges(changes: readonly Change[], since: string): string {
  if (changes.length === 0) return `nothing has changed beyond the noise since ${since}`;
  const lines = changes
    .toSorted((a, b) => Number(b.isWorse) - Number(a.isWorse))
    .map(({ case: name, figure, before, after, isWorse }) => {
      const percent = `${after > before ? "+" : ""}${(100 * (after / before - 1)).toFixed(0)} %`;
      return `  ${isWorse ? "WORSE " : "better"}  ${name}: ${figure} ${before.toPrecision(3)} → ${after.toPrecision(3)} (${percent})`;
    });
  return [`changed since ${since}:`, ...lines].join("\n");
}
