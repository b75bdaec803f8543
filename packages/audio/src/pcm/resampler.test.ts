import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { levelOf } from "./level.ts";
import { PASSBAND_RATIO } from "./low-pass.ts";
import { Resampler, type ResamplerRates } from "./resampler.ts";
import { fitSine, sineOf } from "./sine.fixture.ts";

const DOWN = [22_050, 24_000, 32_000, 44_100, 48_000, 96_000].map((fromHz) => ({ fromHz, toHz: 16_000 }));
const UP = [8_000, 11_025, 12_000].map((fromHz) => ({ fromHz, toHz: 16_000 }));
const OUT = [8_000, 22_050, 24_000, 44_100, 48_000].map((toHz) => ({ fromHz: 16_000, toHz }));
const ALL = [...DOWN, ...UP, ...OUT];

/** Everything at the edges of a stretch of sound is the filter's ringing. */
const EDGE_SEC = 0.05;

function convert(pcm: Int16Array, rates: ResamplerRates, pieceCount = 441): Int16Array {
  const resampler = new Resampler(rates);
  const pieces: Int16Array[] = [];
  for (let at = 0; at < pcm.length; at += pieceCount) pieces.push(resampler.push(pcm.subarray(at, at + pieceCount)));
  pieces.push(resampler.flush());
  return Int16Array.from(pieces.flatMap((piece) => [...piece]));
}

describe.for(ALL)("from $fromHz Hz to $toHz Hz", (rates) => {
  const { fromHz, toHz } = rates;
  const nyquistHz = Math.min(fromHz, toHz) / 2;
  const edgeCount = Math.round(EDGE_SEC * toHz);

  test.for([0.01, 0.2, 0.5, 0.8, PASSBAND_RATIO])("a tone at %f of the band keeps level, time and purity", (ratio) => {
    const frequencyHz = ratio * nyquistHz;
    const sine = sineOf({ frequencyHz, rateHz: fromHz }, { sampleCount: fromHz / 2 });

    const tone = fitSine(convert(sine, rates), { frequencyHz, rateHz: toHz }, edgeCount);

    expect(Math.abs(20 * Math.log10(tone.amplitude / 32_000))).toBeLessThan(0.001);
    expect(Math.abs(tone.delaySamples)).toBeLessThan(0.001);
    expect(tone.snrDb).toBeGreaterThan(90);
  });

  test("pieces of any length make the same sound", () => {
    const pcm = sineOf({ frequencyHz: 440, rateHz: fromHz }, { sampleCount: 3_000 });
    const whole = convert(pcm, rates, pcm.length);

    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 20 }), (lengths) => {
        const resampler = new Resampler(rates);
        const made: number[] = [];
        let at = 0;
        for (const length of lengths) {
          made.push(...resampler.push(pcm.subarray(at, at + length)));
          at = Math.min(pcm.length, at + length);
        }
        made.push(...resampler.push(pcm.subarray(at)), ...resampler.flush());
        expect(Int16Array.from(made)).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  test.for([0, 1, 319, 320, 4_321])("of %i samples come exactly as many as sound as long", (sampleCount) => {
    expect(convert(new Int16Array(sampleCount), rates).length).toBe(Math.ceil((sampleCount * toHz) / fromHz));
  });

  test("an impulse stays where it was", () => {
    const pcm = new Int16Array(fromHz / 10);
    pcm[Math.round(pcm.length / 2)] = 30_000;

    const made = convert(pcm, rates);

    const peakAt = made.indexOf(made.reduce((most, value) => Math.max(most, value), 0));
    expect(Math.abs(peakAt / toHz - Math.round(pcm.length / 2) / fromHz) * toHz).toBeLessThanOrEqual(1);
  });
});

const TOO_HIGH = [...DOWN, { fromHz: 16_000, toHz: 8_000 }].flatMap((rates) =>
  [1, 1.05, 1.3, 1.9]
    .map((ratio) => ({ ...rates, frequencyHz: (ratio * rates.toHz) / 2 }))
    .filter(({ fromHz, frequencyHz }) => frequencyHz <= fromHz / 2),
);

test.for(TOO_HIGH)("from $fromHz Hz down to $toHz Hz a tone of $frequencyHz Hz is gone, and not mirrored", (tone) => {
  const { fromHz, toHz, frequencyHz } = tone;
  const sine = sineOf({ frequencyHz, rateHz: fromHz }, { sampleCount: fromHz / 2 });

  const made = convert(sine, tone);

  const edgeCount = Math.round(EDGE_SEC * toHz);
  const { rmsDbfs } = levelOf(made.subarray(edgeCount, made.length - edgeCount));
  expect(rmsDbfs - levelOf(sine).rmsDbfs).toBeLessThan(-85);
});

test("a full square wave is clipped where the filter overshoots, and does not wrap around", () => {
  const square = Int16Array.from({ length: 4_800 }, (_, n) => (Math.floor(n / 48) % 2 === 0 ? 32_767 : -32_768));

  const made = convert(square, { fromHz: 48_000, toHz: 16_000 });

  // The middle of each half wave has its sign.
  for (let n = 8; n < made.length; n += 16) expect(Math.sign(made[n] ?? 0)).toBe(Math.floor(n / 16) % 2 === 0 ? 1 : -1);
});

test("the same rate gives the same samples", () => {
  const pcm = sineOf({ frequencyHz: 440, rateHz: 16_000 }, { sampleCount: 1_000 });

  expect(convert(pcm, { fromHz: 16_000, toHz: 16_000 })).toEqual(pcm);
});

test.for([0, -8_000, 999, 16_000.5, 1_000_000, Number.NaN])("a rate of %f Hz is refused", (fromHz) => {
  expect(() => new Resampler({ fromHz, toHz: 16_000 })).toThrow(RangeError);
});

test("rates without a simple ratio are refused", () => {
  expect(() => new Resampler({ fromHz: 44_101, toHz: 16_000 })).toThrow(RangeError);
});

test("a second of 48 000 Hz costs a small part of a second", () => {
  const resampler = new Resampler({ fromHz: 48_000, toHz: 16_000 });
  const frame = sineOf({ frequencyHz: 440, rateHz: 48_000 }, { sampleCount: 960 });
  const startedAtMs = performance.now();
  for (let i = 0; i < 500; i += 1) resampler.push(frame);

  const ratio = (performance.now() - startedAtMs) / 10_000;

  // It is 0.003 on a quiet machine; this bound is for a busy one.
  expect(ratio).toBeLessThan(0.05);
});
