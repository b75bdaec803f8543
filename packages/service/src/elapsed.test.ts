import { manualClock } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { elapsed } from "./elapsed.ts";

test("a wait is over after its time, and not before", async () => {
  const clock = manualClock();
  let isOver = false;
  const waiting = elapsed(100, { clock, signal: new AbortController().signal }).then(() => {
    isOver = true;
  });

  await clock.advance(99);
  expect(isOver).toBe(false);
  await clock.advance(1);
  await waiting;
});

test("a wait that nobody wants any more is over at once, and leaves no timer", async () => {
  const clock = manualClock();
  const owner = new AbortController();
  const waiting = elapsed(100, { clock, signal: owner.signal });

  owner.abort();
  await waiting;
  await elapsed(100, { clock, signal: owner.signal });

  expect(clock.pendingCount).toBe(0);
});
