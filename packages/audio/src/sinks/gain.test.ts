import { expect, test } from "vitest";
import { Gain } from "./gain.ts";

const LOUD = new Int16Array(640).fill(10_000);

test("full loudness changes nothing, not even the array", () => {
  expect(new Gain(1).apply(LOUD)).toBe(LOUD);
});

test("another loudness is reached in 20 ms, in steps that do not click", () => {
  const gain = new Gain(1);
  gain.glideTo(0.5);

  const heard = gain.apply(LOUD);

  const steps = [...heard].map((value, index) => Math.abs(value - (heard[index - 1] ?? 10_000)));
  expect(Math.max(...steps)).toBeLessThan(100);
  expect([heard[160], heard.at(-1)]).toEqual([5_000, 5_000]);
});

test("a mute is silence, and full loudness is the sound again", () => {
  const gain = new Gain(1);
  gain.glideTo(0);
  gain.apply(LOUD);
  expect(new Set(gain.apply(LOUD))).toEqual(new Set([0]));

  gain.glideTo(1);
  gain.apply(LOUD);
  expect(gain.apply(LOUD)).toBe(LOUD);
});

test("between sounds nothing glides", () => {
  const gain = new Gain(1);
  gain.glideTo(0);
  gain.settle();

  expect(new Set(gain.apply(LOUD))).toEqual(new Set([0]));
});

test("a loudness out of range is taken for the nearest one", () => {
  const gain = new Gain(1);
  gain.glideTo(7);
  gain.settle();

  expect(gain.apply(LOUD)).toBe(LOUD);
});
