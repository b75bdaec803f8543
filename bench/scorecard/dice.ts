/** Chance that can be had again: the same seed gives the same draws on every machine. Pure. */

/** Draws of one seed. */
export interface Dice {
  /** From [0, 1). */
  readonly unit: () => number;
  /** A whole number from 0 to `below` - 1. */
  readonly below: (below: number) => number;
  /** From `[from, to)`. */
  readonly between: (range: readonly [from: number, to: number]) => number;
  readonly shuffled: <T>(items: readonly T[]) => readonly T[];
}

/** Starts a sequence. Source: Mulberry32 by Tommy Ettinger, public domain; 2^32 states are plenty for a schedule. */
export function rollDice(seed: number): Dice {
  let state = seed >>> 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(unit() * limit);
  return {
    unit,
    below,
    between: ([from, to]) => from + unit() * (to - from),
    shuffled: (items) => {
      // Fisher and Yates: from a shrinking rest, one after the other.
      const rest = [...items];
      return items.flatMap(() => rest.splice(below(rest.length), 1));
    },
  };
}
