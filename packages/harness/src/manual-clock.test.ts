import { expect, test } from "vitest";
import { manualClock } from "./manual-clock.ts";

test("Timers fire at their own time, equal ones in the order they were set", async () => {
  const clock = manualClock(0);
  const fired: string[] = [];
  const note = (name: string) => () => void fired.push(`${name}@${clock.nowMs()}`);
  clock.setTimer(20, note("c"));
  clock.setTimer(10, note("a"));
  clock.setTimer(10, note("b"));

  await clock.advance(15);
  expect(fired).toEqual(["a@10", "b@10"]);
  await clock.advance(5);

  expect(fired).toEqual(["a@10", "b@10", "c@20"]);
  expect(clock.nowMs()).toBe(20);
});

test("What a timer starts may await and set timers that are due in the same advance", async () => {
  const clock = manualClock(0);
  const fired: number[] = [];
  const tick = async (): Promise<void> => {
    await Promise.resolve();
    await Promise.resolve();
    fired.push(clock.nowMs());
    clock.setTimer(10, () => void tick());
  };
  clock.setTimer(10, () => void tick());

  await clock.advance(35);

  expect(fired).toEqual([10, 20, 30]);
});

test("A cancelled timer does not fire", async () => {
  const clock = manualClock();
  const fired: string[] = [];
  const cancel = clock.setTimer(5, () => fired.push("cancelled"));
  clock.setTimer(5, () => fired.push("kept"));
  expect(clock.pendingCount).toBe(2);

  cancel();
  await clock.advance(10);

  expect(fired).toEqual(["kept"]);
  expect(clock.pendingCount).toBe(0);
});

test("What a timer throws is thrown by advance", async () => {
  const clock = manualClock();
  clock.setTimer(1, () => {
    throw new Error("in the timer");
  });

  await expect(clock.advance(1)).rejects.toThrow("in the timer");
});
