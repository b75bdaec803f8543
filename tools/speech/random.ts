/** Chance that can be had again: the same seed gives the same draws. Pure. */

/** One stream of draws. Numbers are uniform. */
export interface Random {
  /** From 0 inclusive to 1 exclusive. */
  readonly next: () => number;
  readonly between: (from: number, to: number) => number;
  /** A whole number from 0 to `count` exclusive. */
  readonly below: (count: number) => number;
  readonly isTrue: (probability: number) => boolean;
  /** @throws {RangeError} when there is nothing to choose from. */
  readonly pick: <T>(from: readonly T[]) => T;
  readonly shuffle: <T>(items: readonly T[]) => readonly T[];
  /** Normal, mean 0, deviation 1. */
  readonly gaussian: () => number;
  /** A stream of its own: what is drawn from it does not move this one, nor any other name's. */
  readonly fork: (name: string) => Random;
}

/** The stream of a seed. */
export function createRandom(seed: number | string): Random {
  const key = String(seed);
  const next = mulberry32(hash(key));
  const below = (count: number): number => Math.floor(next() * count);
  return {
    next,
    below,
    between: (from, to) => from + next() * (to - from),
    isTrue: (probability) => next() < probability,
    pick: (from) => {
      const index = below(from.length);
      if (from.length === 0) throw new RangeError("There is nothing to pick from.");
      // The index is below the length, which is not 0.
      return from[index] as (typeof from)[number];
    },
    shuffle: (items) =>
      items
        .map((item) => ({ item, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item),
    gaussian: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    fork: (name) => createRandom(`${key}/${name}`),
  };
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  return state >>> 0;
}

/** The generator known as mulberry32: 32 bits of state, passes gjrand's tests, enough to draw test speech. */
function mulberry32(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
