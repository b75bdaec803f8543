import { manualClock } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { RefusedFilters } from "./refused-filters.ts";

function stage() {
  const clock = manualClock();
  const asked: string[] = [];
  const filters = new RefusedFilters({ clock, random: () => 0.5, askAgain: (filter) => asked.push(filter) });
  return { clock, asked, filters };
}

test("a refused filter is asked for again, later each time, once a minute at last", async () => {
  const { clock, asked, filters } = stage();
  const pauses: number[] = [];

  for (let refusal = 0; refusal < 9; refusal += 1) {
    const [count, atMs] = [asked.length, clock.nowMs()];
    expect(filters.refused("a")).toBe(refusal === 0);
    for (let step = 0; step < 200 && asked.length === count; step += 1) await clock.advance(500);
    pauses.push(clock.nowMs() - atMs);
  }

  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]); // half of the bounds
});

test("what is granted, or was refused on a connection that has ended, is asked for no more", async () => {
  const { clock, asked, filters } = stage();
  filters.refused("a");
  filters.refused("b");

  expect([filters.forget("a"), filters.forget("c")]).toEqual([true, false]);
  filters.clear();
  await clock.advance(120_000);

  expect([asked, clock.pendingCount]).toEqual([[], 0]);
  expect(filters.refused("b")).toBe(true);
  filters.clear();
});
