import fc from "fast-check";
import { expect, test } from "vitest";
import { eventsAtMost } from "./chance.ts";

/** P(more than `events` of `count`), summed from the other end. */
function probabilityBeyond(count: number, probability: number, events: number): number {
  let beyond = 0;
  for (let k = events + 1; k <= count; k += 1) {
    let choose = 1;
    for (let at = 0; at < k; at += 1) choose *= (count - at) / (at + 1);
    beyond += choose * probability ** k * (1 - probability) ** (count - k);
  }
  return beyond;
}

test("the bound is the smallest one that is passed at most that rarely", () => {
  const trials = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(trials, fc.double({ min: 0.01, max: 0.6, noNaN: true }), (count, probability) => {
      const bound = eventsAtMost(count, probability, 1e-4);

      expect(probabilityBeyond(count, probability, bound)).toBeLessThanOrEqual(1e-4 + 1e-12);
      if (bound > 0) expect(probabilityBeyond(count, probability, bound - 1)).toBeGreaterThan(1e-4 - 1e-12);
    }),
  );
});

test("the bounds of the tenth are those that its comment names", () => {
  expect([eventsAtMost(18, 0.1, 2e-4), eventsAtMost(18, 0.04, 2e-4), eventsAtMost(10, 0.01, 2e-4)]).toEqual([7, 5, 2]);
});
