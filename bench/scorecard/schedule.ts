/** Which faults a run has, in which order, on whom, and how long it is left in peace before each. Pure. */
import type { Dice } from "./dice.ts";
import type { Fault, ScorecardCase } from "./scorecard-case.ts";

/** One fault of a run. */
export interface Planned {
  readonly fault: Fault;
  readonly peaceMs: number;
  /** From [0, 1): which of several publishers or subscribers it hits. */
  readonly lot: number;
}

/**
 * Draws `runs` faults: each kind as often as the case says it must come, the rest by chance, shuffled. Where not all of that fits,
 * each kind once if they fit, and of the rest as many as do.
 */
export function planFaults(
  { faults, fewestOfEach, peaceMs }: Pick<ScorecardCase, "faults" | "fewestOfEach" | "peaceMs">,
  { runs, dice }: { readonly runs: number; readonly dice: Dice },
): readonly Planned[] {
  const rest = faults.flatMap((fault) => Array.from({ length: (fault.fewest ?? fewestOfEach) - 1 }, () => fault));
  const sure = runs < faults.length ? [] : [...faults, ...dice.shuffled(rest)].slice(0, runs);
  const byChance = Array.from({ length: runs - sure.length }, () => faults.slice(dice.below(faults.length))[0]).filter(
    (fault) => fault !== undefined,
  );
  return dice
    .shuffled([...sure, ...byChance])
    .map((fault) => ({ fault, peaceMs: dice.between(peaceMs), lot: dice.unit() }));
}
