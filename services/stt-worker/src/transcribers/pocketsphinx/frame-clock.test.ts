import { expect, test } from "vitest";
import { advance, FRAME_CLOCK_START, msOfFrame } from "./frame-clock.ts";

/** Pieces of 20 ms, with so many frames searched in each. */
const heard = (...frameCounts: readonly number[]) =>
  frameCounts.reduce((clock, frameCount) => advance(clock, 20, frameCount), FRAME_CLOCK_START);
const times = (count: number, value: number): readonly number[] => Array.from({ length: count }, () => value);

test("in steady flow a frame is 10 ms, behind the look-ahead, and one mark is enough", () => {
  // 40 ms of look-ahead are filled first.
  const clock = heard(0, 0, ...times(50, 2));

  expect([msOfFrame(clock, 0), msOfFrame(clock, 50), clock.marks.length]).toEqual([0, 500, 1]);
});

test("silence that was left out lies before the frames that follow it, which come in a burst", () => {
  const clock = heard(0, 0, ...times(10, 2), ...times(50, 0), 30, ...times(20, 2));

  // Frame 19 is before the pause; frame 20 is the first of the 30 that led up to 1 260 ms.
  expect([msOfFrame(clock, 19), msOfFrame(clock, 20), msOfFrame(clock, 50)]).toEqual([190, 920, 1_220]);
});

test("what was never searched has no time of its own", () => {
  expect(msOfFrame(FRAME_CLOCK_START, 7)).toBe(0);
});
