import { expect, test } from "vitest";
import { trueEndSample } from "./true-end.ts";

const tone = (sampleCount: number, amplitude: number): number[] =>
  Array.from({ length: sampleCount }, (_, at) => Math.round(amplitude * Math.sin(at)));

test("speech ends behind the last frame above -40 dB of the peak, to the frame", () => {
  const pcm = Int16Array.from([...tone(640, 0), ...tone(3_200, 20_000), ...tone(320, 250), ...tone(3_200, 150)]);

  expect(trueEndSample(pcm)).toBe(640 + 3_200 + 320);
});

test("silence has no end of speech, and a frame that is cut ends where it is", () => {
  expect(trueEndSample(new Int16Array(1_000))).toBe(0);
  expect(trueEndSample(new Int16Array(0))).toBe(0);
  expect(trueEndSample(Int16Array.from(tone(500, 9_000)))).toBe(500);
});
