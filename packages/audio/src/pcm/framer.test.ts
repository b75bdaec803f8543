import fc from "fast-check";
import { expect, test } from "vitest";
import { Framer } from "./framer.ts";

/** Samples that say where they are. */
const ramp = (from: number, count: number): Int16Array => Int16Array.from({ length: count }, (_, n) => from + n);

test("chunks of any length become frames of 320 samples, each with its number", () => {
  const framer = new Framer("a");

  const frames = [7, 633, 1, 0, 400].flatMap((count) => framer.push(ramp(framer.nextSample, count)));
  const last = framer.flush();

  expect(frames.map(({ sample, pcm }) => [sample, pcm[0], pcm.length])).toEqual([
    [0, 0, 320],
    [320, 320, 320],
    [640, 640, 320],
  ]);
  expect([last?.sample, last?.pcm]).toEqual([960, ramp(960, 81)]);
  expect(framer.flush()).toBeUndefined();
});

test("a gap shows as a jump, and never as wrong numbers", () => {
  const framer = new Framer("a");

  const frames = [framer.push(ramp(0, 400), 0), framer.push(ramp(1_000, 700), 1_000)].flat();

  expect(frames.map(({ sample, pcm }) => [sample, pcm[0]])).toEqual([
    [0, 0],
    [1_000, 1_000],
    [1_320, 1_320],
  ]);
});

test("what comes twice is left out", () => {
  const framer = new Framer("a");

  const frames = [0, 0, 160, 320].flatMap((at) => framer.push(ramp(at, 320), at));

  expect(frames.map(({ sample, pcm }) => [sample, pcm])).toEqual([
    [0, ramp(0, 320)],
    [320, ramp(320, 320)],
  ]);
  expect(framer.nextSample).toBe(640);
});

test("whatever comes, frames are in order, whole, and hold what belongs at their place", () => {
  const pieces = fc.array(
    fc.record({ at: fc.integer({ min: 0, max: 9_000 }), count: fc.integer({ min: 0, max: 900 }) }),
  );
  fc.assert(
    fc.property(pieces, (list) => {
      const framer = new Framer("a");
      const frames = list.flatMap(({ at, count }) => framer.push(ramp(at, count), at));
      let nextSample = 0;
      for (const { sample, pcm } of frames) {
        expect(sample).toBeGreaterThanOrEqual(nextSample);
        expect(pcm).toEqual(ramp(sample, 320));
        nextSample = sample + 320;
      }
    }),
  );
});
