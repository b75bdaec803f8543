import { expect, test } from "vitest";
import { BEFORE_ALL, placeOf } from "./reference-line.ts";

test("the samples of a sentence follow one another, though the moments tremble", () => {
  const [first, line] = placeOf(BEFORE_ALL, { sampleCount: 1_600, soundsAtMs: 1_000 });
  const [second, next] = placeOf(line, { sampleCount: 320, soundsAtMs: 1_107 });
  const [third] = placeOf(next, { sampleCount: 320, soundsAtMs: 1_101 });

  expect([first, second, third]).toEqual([16_000, 17_600, 17_920]);
});

test("a pause shows as a jump to the moment at which it goes on", () => {
  const [, line] = placeOf(BEFORE_ALL, { sampleCount: 1_600, soundsAtMs: 1_000 });

  expect(placeOf(line, { sampleCount: 320, soundsAtMs: 5_000 })[0]).toBe(80_000);
});

test("no number is given twice, also when sound was cut that should have sounded by now", () => {
  const [, line] = placeOf(BEFORE_ALL, { sampleCount: 16_000, soundsAtMs: 1_000 });

  expect(placeOf(line, { sampleCount: 320, soundsAtMs: 1_200 })[0]).toBe(32_000);
});
