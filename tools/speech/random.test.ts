import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "./random.ts";

test("the same seed gives the same draws, another one others", () => {
  const draws = (seed: number): readonly number[] => {
    const { next } = createRandom(seed);
    return Array.from({ length: 20 }, next);
  };

  expect(draws(7)).toEqual(draws(7));
  expect(draws(7)).not.toEqual(draws(8));
});

test("a fork is moved neither by what is drawn from its stem, nor by other forks", () => {
  const [untouched, used] = [createRandom(1), createRandom(1)];
  used.next();
  used.fork("noise").next();

  expect(used.fork("voices").next()).toBe(untouched.fork("voices").next());
  expect(used.fork("voices").next()).not.toBe(used.fork("noise").next());
});

test("draws stay within their bounds, and a shuffle loses nothing", () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.integer(), { minLength: 1 }), (seed, items) => {
      const random = createRandom(seed);

      expect(items).toContain(random.pick(items));
      expect(random.below(items.length)).toBeLessThan(items.length);
      expect(random.shuffle(items).toSorted()).toEqual(items.toSorted());
    }),
  );
  expect(() => createRandom(1).pick([])).toThrow(RangeError);
});

test("uniform draws fill every tenth alike, and normal ones have mean 0 and deviation 1", () => {
  const random = createRandom("shape");
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let at = 0; at < 20_000; at += 1) {
    const tenth = random.below(10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  const normal = Array.from({ length: 20_000 }, random.gaussian);
  const mean = normal.reduce((sum, value) => sum + value, 0) / normal.length;
  const deviation = Math.sqrt(normal.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normal.length);

  for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(200);
  expect(mean).toBeCloseTo(0, 1);
  expect(deviation).toBeCloseTo(1, 1);
});
