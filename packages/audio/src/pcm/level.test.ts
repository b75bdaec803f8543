import { expect, test } from "vitest";
import { levelOf, SILENCE_DBFS } from "./level.ts";
import { sineOf } from "./sine.fixture.ts";

test("a full square wave is 0 dB, a full sine 3 dB less", () => {
  const square = Int16Array.from({ length: 1_600 }, (_, n) => (n % 2 === 0 ? 32_767 : -32_768));
  const sine = sineOf({ frequencyHz: 100, rateHz: 16_000 }, { sampleCount: 1_600, amplitude: 32_767 });

  expect(levelOf(square).rmsDbfs).toBeCloseTo(0, 3);
  expect(levelOf(square).peakDbfs).toBe(0);
  expect(levelOf(sine).rmsDbfs).toBeCloseTo(-3.01, 2);
});

test("silence, and no sound at all, are told as a number", () => {
  expect(levelOf(new Int16Array(320))).toEqual({ rmsDbfs: SILENCE_DBFS, peakDbfs: SILENCE_DBFS });
  expect(levelOf(new Int16Array(0))).toEqual({ rmsDbfs: SILENCE_DBFS, peakDbfs: SILENCE_DBFS });
});
