import fc from "fast-check";
import { expect, test } from "vitest";
import type { AudioFrame } from "../frame.ts";
import { Ring } from "./ring.ts";

const ramp = (from: number, count: number): Int16Array => Int16Array.from({ length: count }, (_, n) => from + n + 1);
const frame = (sample: number, count = 320, captureId = "a"): AudioFrame => ({
  captureId,
  sample,
  pcm: ramp(sample, count),
});

/** 100 ms: 1 600 samples. */
function openRing(...frames: readonly AudioFrame[]): Ring {
  const ring = new Ring(100);
  for (const each of frames) ring.push(each);
  return ring;
}

test("a range is read as it was written, over the ring's seam", () => {
  const ring = openRing(...[0, 320, 640, 960, 1_280, 1_600].map((at) => frame(at)));

  expect(ring.read(1_500, 1_800)).toEqual({ sample: 1_500, pcm: ramp(1_500, 300), goneCount: 0, lostCount: 0 });
  expect([ring.firstSample, ring.nextSample]).toEqual([320, 1_920]);
});

test("what is gone is counted, and what has not come is left out", () => {
  const ring = openRing(...[0, 320, 640, 960, 1_280, 1_600].map((at) => frame(at)));

  expect(ring.read(100, 9_000)).toEqual({ sample: 320, pcm: ramp(320, 1_600), goneCount: 220, lostCount: 0 });
  expect(ring.read(0, 200)).toMatchObject({ pcm: new Int16Array(0), goneCount: 200 });
  expect(ring.read(5_000, 6_000)).toMatchObject({ sample: 1_920, pcm: new Int16Array(0) });
});

test("what was lost on the way is silence, and counted", () => {
  const ring = openRing(frame(0), frame(640));

  const { pcm, lostCount } = ring.read(0);

  expect([...pcm]).toEqual([...ramp(0, 320), ...new Int16Array(320), ...ramp(640, 320)]);
  expect([lostCount, ring.read(600).lostCount]).toEqual([320, 40]);
});

test("a gap longer than the ring leaves only silence before the new frame", () => {
  const ring = openRing(frame(0), frame(1_000_000));

  expect(ring.firstSample).toBe(1_000_320 - 1_600);
  expect(ring.read(0)).toMatchObject({ lostCount: 1_280, goneCount: 1_000_320 - 1_600 });
});

test("a new capture begins the ring anew, at its first number", () => {
  const ring = openRing(frame(0), frame(320), frame(5_000, 320, "b"));

  expect(ring.captureId).toBe("b");
  expect(ring.read(0)).toMatchObject({ sample: 5_000, pcm: ramp(5_000, 320) });
});

test("whatever is pushed and read, a sample is itself or silence", () => {
  const steps = fc.array(
    fc.record({ gap: fc.nat(2_500), count: fc.nat(2_000), from: fc.nat(9_000), length: fc.nat(3_000) }),
  );
  fc.assert(
    fc.property(steps, (list) => {
      const ring = new Ring(100);
      for (const { gap, count, from, length } of list) {
        ring.push(frame(ring.nextSample + (gap > 1_200 ? gap - 1_200 : 0), count));
        const { sample, pcm, lostCount } = ring.read(from, from + length);
        const silentCount = pcm.filter((value) => value === 0).length;
        expect(silentCount).toBe(lostCount);
        expect(pcm.every((value, n) => value === 0 || value === ((sample + n + 1) << 16) >> 16)).toBe(true);
        expect(ring.nextSample - ring.firstSample).toBeLessThanOrEqual(1_600);
      }
    }),
  );
});
