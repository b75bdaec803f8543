/** Which faults a run has, in which order, and how long it is left in peace before each. Pure. */
import type { Dice } from "./dice.ts";
import type { Fault, ScorecardCase } from "./scorecard-case.ts";

/** One fault of a run. */
export interface Planned {
  readonly fault: Fault;
  readonly peaceMs: number;
}

/** Draws `runs` faults: each kind at least as often as the case says (or as often as fits), the rest by chance, shuffled. */
export function planFaults(
  { faults, fewestOfEach, peaceMs }: Pick<ScorecardCase, "faults" | "fewestOfEach" | "peaceMs">,
  { runs, dice }: { readonly runs: number; readonly dice: Dice },
): readonly Planned[] {
  const rounds = Math.min(fewestOfEach, Math.floor(runs / faults.length));
  const sure = Array.from({ length: rounds }, () => faults).flat();
  const byChance = Array.from({ length: runs - sure.length }, () => faults.slice(dice.below(faults.length))[0]).filter(
    (fault) => fault !== undefined,
  );
  return dice.shuffled([...sure, ...byChance]).map((fault) => ({ fault, peaceMs: dice.between(peaceMs) }));
}
