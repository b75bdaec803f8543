import fc from "fast-check";
import { expect, test } from "vitest";
import { nextDelayMs, PROMPT_MAX_MS } from "./backoff.ts";

const BOUNDS = { minDelayMs: 500, maxDelayMs: 5_000 };
/** The largest draw there is: the bound itself, nearly. */
const MOST = 1 - Number.EPSILON;

test("the bound begins at the minimum and doubles with each failure up to the maximum", () => {
  const bounds = [0, 1, 2, 3, 4, 5].map((failures) =>
    Math.round(nextDelayMs(BOUNDS, { failures, pace: "normal", random: MOST })),
  );

  expect(bounds).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
});

test("equal bounds give a constant one", () => {
  const equal = { minDelayMs: 700, maxDelayMs: 700 };

  const bounds = [0, 5].map((failures) => Math.round(nextDelayMs(equal, { failures, pace: "normal", random: MOST })));

  expect(bounds).toEqual([700, 700]);
});

test("the delay is drawn from zero to the bound", () => {
  expect(nextDelayMs(BOUNDS, { failures: 2, pace: "normal", random: 0 })).toBe(0);
  expect(nextDelayMs(BOUNDS, { failures: 2, pace: "normal", random: 0.25 })).toBe(500);
});

test("at the prompt pace it is asked again within three quarters of a second, however often it failed", () => {
  const bounds = [0, 1, 30].map((failures) =>
    Math.round(nextDelayMs(BOUNDS, { failures, pace: "prompt", random: MOST })),
  );

  expect(bounds).toEqual([500, PROMPT_MAX_MS, PROMPT_MAX_MS]);
});

test("the slowest pace is the maximum itself, without a draw", () => {
  expect(nextDelayMs(BOUNDS, { failures: 0, pace: "slowest", random: 0 })).toBe(5_000);
});

test("after any number of failures the delay lies within the bounds", () => {
  const pace = fc.constantFrom("normal" as const, "prompt" as const, "slowest" as const);
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat(), pace, random, (failures, chosen, draw) => {
      const delayMs = nextDelayMs(BOUNDS, { failures, pace: chosen, random: draw });

      expect(delayMs).toBeGreaterThanOrEqual(0);
      expect(delayMs).toBeLessThanOrEqual(BOUNDS.maxDelayMs);
    }),
  );
});
