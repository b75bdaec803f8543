import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_BACKOFF, restartDelayMs } from "./restart-delay.ts";

test("The upper bound of a restart's delay doubles with each failure and ends at the maximum", () => {
  const bounds = [1, 2, 3, 4, 7, 20].map((count) => restartDelayMs(count, 0.999_999, DEFAULT_BACKOFF));

  expect(bounds).toEqual([200, 400, 800, 1_600, 10_000, 10_000]);
});

test("A restart's delay is anywhere between zero and its bound", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (count, random) => {
        const delayMs = restartDelayMs(count, random, DEFAULT_BACKOFF);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(DEFAULT_BACKOFF.maxDelayMs);
      },
    ),
  );
});
