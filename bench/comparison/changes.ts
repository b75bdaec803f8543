/** What has become better or worse since an earlier run. Pure. */
import type { Figure } from "./figure.ts";

/** As much of a run as is compared. */
export interface Compared {
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly cases: readonly {
    readonly case: string;
    readonly figures: readonly Pick<Figure, "name" | "better" | "ours" | "ratio" | "sameSpread">[];
  }[];
}

export interface Change {
  readonly case: string;
  readonly figure: string;
  /** The run it is compared with. */
  readonly since: string;
  /** Of the ratio; of ours where nothing was compared. */
  readonly before: number;
  readonly after: number;
  readonly isWorse: boolean;
}

/** Smaller differences between two runs say nothing, however close equals lay together. */
const LEAST_SHARE = 0.05;

/**
 * Figures that lie further from those of the newest earlier run that has the case than equals did in either. Ratios are compared
 * where there are any: they stand for the client, and absolute figures for the machine and what else it did.
 */
export function changesSince(earlier: readonly Compared[], cases: Compared["cases"]): readonly Change[] {
  const newestFirst = earlier.toSorted((a, b) => b.date.localeCompare(a.date));
  return cases.flatMap(({ case: name, figures }) => {
    const run = newestFirst.find((candidate) => candidate.cases.some((report) => report.case === name));
    if (run === undefined) return [];
    const before = run.cases.find((report) => report.case === name)?.figures ?? [];
    return figures.flatMap((figure) => {
      const old = before.find((candidate) => candidate.name === figure.name);
      const change = old === undefined ? undefined : changeOf(old, figure);
      return change === undefined ? [] : [{ case: name, figure: figure.name, since: run.date, ...change }];
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
export function describeChanges(changes: readonly Change[]): string {
  if (changes.length === 0) return "nothing has changed beyond the noise since the last run on this machine";
  const lines = changes
    .toSorted((a, b) => Number(b.isWorse) - Number(a.isWorse))
    .map(({ case: name, figure, since, before, after, isWorse }) => {
      const percent = `${after > before ? "+" : ""}${(100 * (after / before - 1)).toFixed(0)} %`;
      const values = `${before.toPrecision(3)} → ${after.toPrecision(3)}`;
      return `  ${isWorse ? "WORSE " : "better"}  ${name}: ${figure} ${values} (${percent} since ${since})`;
    });
  return ["changed beyond the noise:", ...lines].join("\n");
}
