/** What the watch for planted texts looked at in a run, and where it was blind. */
import type { SightCounts } from "@ts-tars/harness/watch"; // the type alone: the configuration of Vitest finds no sources

const NO_SIGHTS: SightCounts = { line: 0, error: 0, inspection: 0, message: 0, retained: 0 };
const SIGHT_KINDS = ["line", "error", "inspection", "message", "retained"] as const;

/** What a whole lane cannot but show; when it shows none of it, a hook or an ear does not work any more. */
const SHOWN_BY_LANE: Readonly<Record<string, readonly (keyof SightCounts)[]>> = {
  unit: ["line", "error"],
  broker: SIGHT_KINDS,
  fault: SIGHT_KINDS,
  e2e: ["line", "error", "message", "retained"],
};

/** One test file. */
export interface FileSights {
  readonly lane: string;
  /** Undefined when the set-up of the watch did not run to its end there. */
  readonly counts: SightCounts | undefined;
}

/** One line of figures, then one for each blindness. `isWhole`: all files of the lanes were run. */
export function summarizeSights(
  files: readonly FileSights[],
  { isWhole }: { readonly isWhole: boolean },
): { readonly lines: readonly string[]; readonly blindCount: number } {
  const totals = new Map<string, SightCounts>();
  for (const { lane, counts } of files) {
    if (counts !== undefined) totals.set(lane, add(totals.get(lane) ?? NO_SIGHTS, counts));
  }
  const all = [...totals.values()].reduce(add, NO_SIGHTS);
  const lanes = new Set(files.map(({ lane }) => lane));
  const blind = isWhole
    ? [...lanes].flatMap((lane) =>
        (SHOWN_BY_LANE[lane] ?? [])
          .filter((kind) => (totals.get(lane) ?? NO_SIGHTS)[kind] === 0)
          .map((kind) => `The watch for planted texts has seen no ${kind} in the ${lane} lane: it is blind there.`),
      )
    : [];
  const figures = SIGHT_KINDS.map((kind) => `${all[kind]} × ${kind}`).join(", ");
  return { lines: [`looked at for planted texts: ${figures}`, ...blind], blindCount: blind.length };
}

function add(a: SightCounts, b: SightCounts): SightCounts {
  return {
    line: a.line + b.line,
    error: a.error + b.error,
    inspection: a.inspection + b.inspection,
    message: a.message + b.message,
    retained: a.retained + b.retained,
  };
}
