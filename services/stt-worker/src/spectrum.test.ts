import { expect, test } from "vitest";
import { spectrumOf } from "./spectrum.ts";

const sine = (hz: number, amplitude: number): Int16Array =>
  Int16Array.from({ length: 320 }, (_, at) => Math.round(amplitude * Math.sin((2 * Math.PI * hz * at) / 16_000)));

test.for<[number, number]>([
  [310, 4],
  [1_650, 10],
  [7_000, 15],
])("a tone of %d Hz stands highest in bar %d", ([hz, bar]) => {
  const { bars } = spectrumOf(sine(hz, 16_000));

  expect(bars.indexOf(Math.max(...bars))).toBe(bar);
});

test("what is quiet is low: nothing is stretched to the full height", () => {
  expect(Math.max(...spectrumOf(sine(1_000, 16_000)).bars)).toBeGreaterThan(0.9);
  expect(Math.max(...spectrumOf(sine(1_000, 16)).bars)).toBeLessThan(0.3);
  expect(spectrumOf(new Int16Array(320))).toEqual({ bars: Array.from({ length: 16 }, () => 0), levelDb: -120 });
});

test("the level is that of the sound, below full scale", () => {
  expect(spectrumOf(sine(1_000, 32_767)).levelDb).toBeCloseTo(-3, 1);
  expect(spectrumOf(new Int16Array(0)).levelDb).toBe(-120);
});
