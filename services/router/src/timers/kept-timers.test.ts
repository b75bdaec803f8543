import fc from "fast-check";
import { expect, test } from "vitest";
import { KeptTimers, keep, takeUp } from "./kept-timers.ts";
import type { Timer } from "./timers.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const timer = (durationMs: number, dueAtMs: number): Timer => ({
  ...{ id: "t1", name: "egg", reminder: undefined, durationMs, dueAtMs },
});

test("a timer goes on over a restart by the calendar, whatever the other clock says", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000, max: DAY_MS }),
      fc.nat({ max: DAY_MS }),
      fc.nat({ max: DAY_MS }),
      (durationMs, uptimeMs, awayMs) => {
        const before = { atMs: uptimeMs, epochMs: 1_700_000_000_000 };
        const kept = keep(timer(durationMs, uptimeMs + durationMs), "kitchen", before);

        const after = takeUp(kept, { atMs: 5, epochMs: before.epochMs + awayMs });

        expect(after).toMatchObject({ id: "t1", name: "egg", durationMs });
        expect(after.dueAtMs - 5).toBe(durationMs - awayMs);
      },
    ),
  );
});

test("on a board that has lost the date a timer has no more to go than it was set for", () => {
  const kept = keep(timer(HOUR_MS, HOUR_MS), "kitchen", { atMs: 0, epochMs: 1_700_000_000_000 });

  expect(takeUp(kept, { atMs: 0, epochMs: 7_000 }).dueAtMs).toBe(HOUR_MS);
});

test("what is kept is what the file may hold", () => {
  const kept = keep(timer(HOUR_MS, 17.5), "kitchen", { atMs: 0.25, epochMs: 1_700_000_000_000 });

  expect(KeptTimers.parse({ version: 1, timers: [kept] }).timers).toEqual([kept]);
});
