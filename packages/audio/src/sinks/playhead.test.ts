import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { samplesOfMs } from "../frame.ts";
import {
  beginPlayhead,
  excused,
  fed,
  hasBegun,
  moved,
  type Playhead,
  quietMs,
  reported,
  soundedSamples,
  soundsAtMs,
  stopped,
  type Timing,
} from "./playhead.ts";

const CLOCK: Timing = { by: "clock", latencyMs: 50 };
const REPORTS: Timing = { by: "reports", latencyMs: 60 };
const S = samplesOfMs(1_000);

describe("a playhead by the clock", () => {
  const begun = fed(beginPlayhead(CLOCK, 0), S, 100);

  test("begins when the latency is over, and moves in real time", () => {
    expect([149, 150].map((atMs) => hasBegun(begun, atMs))).toEqual([false, true]);
    expect([149, 150, 650].map((atMs) => soundedSamples(begun, atMs))).toEqual([0, 0, S / 2]);
  });

  test("stops at what was handed over, and goes on a latency after more has come", () => {
    const more = fed(begun, S, 9_000);

    expect(soundedSamples(begun, 9_000)).toBe(S);
    expect([9_050, 9_550].map((atMs) => soundedSamples(more, atMs))).toEqual([S, 1.5 * S]);
  });

  test("is quiet only after all has sounded", () => {
    expect([1_000, 1_150, 1_650].map((atMs) => quietMs(begun, atMs))).toEqual([0, 0, 500]);
  });

  test("knows when the next sample will sound", () => {
    expect(soundsAtMs(begun, 500)).toBe(1_150);
    expect(soundsAtMs(begun, 5_000)).toBe(5_050);
  });
});

describe("a playhead by reports", () => {
  const begun = fed(beginPlayhead(REPORTS, 0), S, 0);

  test("does not move before the loudspeaker says so", () => {
    expect(soundedSamples(begun, 5_000)).toBe(0);
    expect(hasBegun(reported(begun, 0, 50), 5_000)).toBe(false);
  });

  test("moves from the moment that it is told of", () => {
    const moving = moved(begun, 30);

    expect(hasBegun(moving, 30)).toBe(true);
    expect(soundedSamples(moving, 530)).toBe(S / 2);
  });

  test("is carried on by the clock between reports, up to what was handed over", () => {
    const at200 = reported(begun, samplesOfMs(150), 200);

    expect([250, 700, 9_000].map((atMs) => soundedSamples(at200, atMs))).toEqual([
      samplesOfMs(200),
      samplesOfMs(650),
      S,
    ]);
  });

  test("stands when a report says what the one before said", () => {
    const standing = reported(reported(begun, 1_600, 200), 1_600, 250);

    expect(soundedSamples(standing, 5_000)).toBe(samplesOfMs(150));
  });

  test("does not take back what it told when a report lags behind", () => {
    const ahead = fed(moved(begun, 0), 320, 500);

    expect(soundedSamples(reported(ahead, samplesOfMs(400), 500), 500)).toBe(S / 2);
  });

  test("waits for news when more comes after it had run dry", () => {
    const dry = reported(begun, S - 160, 1_000);
    const more = fed(dry, S, 5_000);

    expect(soundedSamples(more, 5_500)).toBe(S);
    expect(soundedSamples(moved(more, 5_040), 5_540)).toBe(1.5 * S);
  });

  test("is quiet from its last step on, unless it was excused", () => {
    const moving = reported(begun, 1_600, 200);

    expect(quietMs(reported(moving, 1_600, 1_000), 2_200)).toBe(2_000);
    expect(quietMs(excused(moving, 2_000), 2_200)).toBe(200);
  });
});

test("what was stopped does not sound any more", () => {
  const head = stopped(moved(fed(beginPlayhead(REPORTS, 0), S, 0), 0), 250);

  expect(soundedSamples(head, 9_000)).toBe(S / 4);
});

test("whatever is handed over and said, a playhead never goes back and never beyond what it was given", () => {
  const event = fc.record({
    passMs: fc.integer({ min: 0, max: 400 }),
    type: fc.constantFrom("fed", "reported", "moved", "excused", "nothing"),
    samples: fc.integer({ min: 0, max: 20_000 }),
  });
  fc.assert(
    fc.property(fc.constantFrom(CLOCK, REPORTS), fc.array(event, { maxLength: 60 }), (timing, events) => {
      let [head, atMs, told] = [beginPlayhead(timing, 0), 0, 0];
      for (const { passMs, type, samples } of events) {
        atMs += passMs;
        head = happen(head, type, { samples, atMs });
        const sounded = soundedSamples(head, atMs);

        expect(sounded).toBeGreaterThanOrEqual(told);
        expect(sounded).toBeLessThanOrEqual(head.fedSamples);
        told = sounded;
      }
    }),
  );
});

function happen(head: Playhead, type: string, { samples, atMs }: { samples: number; atMs: number }): Playhead {
  if (type === "fed") return fed(head, samples, atMs);
  if (type === "reported") return reported(head, Math.min(samples, head.fedSamples), atMs);
  if (type === "moved") return moved(head, atMs);
  return type === "excused" ? excused(head, atMs) : head;
}
