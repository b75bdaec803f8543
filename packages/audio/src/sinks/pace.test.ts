import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FRAME_SAMPLES, samplesOfMs } from "../frame.ts";
import { allowedSamples, paced, STANDSTILL } from "./pace.ts";

describe("the pace", () => {
  test("lets 100 ms go at once, then a frame with every 20 ms", () => {
    const first = paced(STANDSTILL, allowedSamples(STANDSTILL, 5_000), 5_000);

    expect(first.fedSamples).toBe(1_600);
    expect([0, 10, 19, 20, 40].map((ms) => allowedSamples(first, 5_000 + ms))).toEqual([0, 0, 0, 320, 640]);
  });

  test("does not make up for the time in which nothing was handed over", () => {
    const before = paced(STANDSTILL, 1_600, 0);

    const after = paced(before, allowedSamples(before, 60_000), 60_000);

    expect(after.fedSamples).toBe(3_200);
    expect(allowedSamples(after, 60_000)).toBe(0);
  });

  test("whatever is handed over and when, never more than 100 ms are ahead of a listener who hears in real time", () => {
    const look = fc.record({ passMs: fc.integer({ min: 0, max: 700 }), isTaken: fc.boolean() });
    fc.assert(
      fc.property(fc.array(look, { maxLength: 60 }), (looks) => {
        let [pace, atMs, heardSamples] = [STANDSTILL, 0, 0];
        for (const { passMs, isTaken } of looks) {
          atMs += passMs;
          heardSamples = Math.min(pace.fedSamples, heardSamples + samplesOfMs(passMs));
          const allowed = allowedSamples(pace, atMs);
          if (isTaken && allowed > 0) pace = paced(pace, allowed, atMs);

          expect(allowed % FRAME_SAMPLES).toBe(0);
          expect(pace.fedSamples - heardSamples).toBeLessThanOrEqual(1_600);
        }
      }),
    );
  });
});
