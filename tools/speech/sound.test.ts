import { describe, expect, test } from "vitest";
import { createRandom } from "./random.ts";
import { joinSounds, mixNoise, pinkNoise, powerOf, speechSpan, toFloat, toPcm, withPeakDb } from "./sound.ts";

const RATE_HZ = 16_000;
const tone = (hz: number, sampleCount: number, peak = 8_000): Int16Array =>
  Int16Array.from({ length: sampleCount }, (_, at) => Math.round(peak * Math.sin((2 * Math.PI * hz * at) / RATE_HZ)));

/** Power around a frequency, by one bin of a Fourier transform. */
function powerAt(sound: Float64Array, hz: number): number {
  let [real, imaginary] = [0, 0];
  sound.forEach((value, at) => {
    real += value * Math.cos((2 * Math.PI * hz * at) / RATE_HZ);
    imaginary += value * Math.sin((2 * Math.PI * hz * at) / RATE_HZ);
  });
  return (real * real + imaginary * imaginary) / sound.length;
}

/** Mean over bins and pieces, so that chance averages out. */
function bandPower(sound: Float64Array, hz: number): number {
  const pieces = Array.from({ length: 40 }, (_, index) => sound.subarray(index * 1_600, (index + 1) * 1_600));
  const bins = [0.9, 0.95, 1, 1.05, 1.1].map((factor) => hz * factor);
  return pieces.reduce((sum, piece) => sum + bins.reduce((all, bin) => all + powerAt(piece, bin), 0), 0);
}

describe("pink noise", () => {
  const noise = pinkNoise(64_000, createRandom("pink"));

  test("has deviation 1", () => {
    expect(powerOf(noise)).toBeCloseTo(1, 6);
  });

  test("falls by about 3 dB an octave", () => {
    const [low, high] = [bandPower(noise, 300), bandPower(noise, 2_400)];
    const dbPerOctave = (10 * Math.log10(high / low)) / 3;

    expect(dbPerOctave).toBeGreaterThan(-3.8);
    expect(dbPerOctave).toBeLessThan(-2.2);
  });

  test("is the same for the same seed", () => {
    expect(pinkNoise(100, createRandom(3))).toEqual(pinkNoise(100, createRandom(3)));
  });
});

test("noise is mixed in at the ratio asked for, measured where there is speech", () => {
  const speech = { from: 8_000, to: 24_000 };
  const pcm = joinSounds([new Int16Array(8_000), tone(440, 16_000), new Int16Array(8_000)]);

  const mixed = mixNoise(pcm, { noise: pinkNoise(pcm.length, createRandom(1)), snrDb: 25, speech });

  const [clean, noisy] = [toFloat(pcm), toFloat(mixed)];
  const noisePower = powerOf(noisy.map((value, at) => value - (clean[at] ?? 0)));
  const ratioDb = 10 * Math.log10(powerOf(clean.subarray(speech.from, speech.to)) / noisePower);
  expect(ratioDb).toBeCloseTo(25, 1);
});

test("a level is that of the highest peak, and silence stays silent", () => {
  const peak = withPeakDb(tone(440, 1_600, 100), -6).reduce((max, sample) => Math.max(max, Math.abs(sample)), 0);

  expect(20 * Math.log10(peak / 32_768)).toBeCloseTo(-6, 1);
  expect(withPeakDb(new Int16Array(4), -6)).toEqual(new Int16Array(4));
});

test("what is louder than full scale is clipped, not wrapped", () => {
  expect([...toPcm(Float64Array.of(1.5, -1.5, 0.5))]).toEqual([32_767, -32_768, 16_384]);
});

test("speech is found from its first to its last frame above -40 dB of the peak", () => {
  const pcm = joinSounds([new Int16Array(1_600), tone(440, 3_200), new Int16Array(800), tone(440, 1_600, 60)]);

  expect(speechSpan(pcm)).toEqual({ from: 1_600, to: 4_800 });
  expect(speechSpan(new Int16Array(1_000))).toEqual({ from: 0, to: 0 });
});
