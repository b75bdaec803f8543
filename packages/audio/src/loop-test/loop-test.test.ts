import { describe, expect, it } from "vitest";
import { makeChirp, makeTone } from "./chirp.ts";
import { correlate } from "./correlate.ts";
import { judgeLoop } from "./loop-verdict.ts";

const chirp = makeChirp();

/** A room: the sound after so many samples, at that volume, in noise. */
function room({ delaySamples, gain, noise }: { delaySamples: number; gain: number; noise: number }): Int16Array {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647 - 0.5;
  };
  return Int16Array.from({ length: 24_000 }, (_, at) => gain * (chirp[at - delaySamples] ?? 0) + noise * 2 * random());
}

describe("a loop test", () => {
  it("finds the delay to the sample and the echo to half a dB, also in noise", () => {
    const verdict = judgeLoop(chirp, room({ delaySamples: 1_601, gain: 0.1, noise: 300 }));

    expect(verdict).toMatchObject({ kind: "heard", delayMs: (1_601 / 16_000) * 1_000 });
    expect(verdict.kind === "heard" && Math.abs(verdict.echoDb + 20)).toBeLessThan(0.5);
  });

  it("hears nothing where there is only noise, and in a recording that is too short", () => {
    expect(judgeLoop(chirp, room({ delaySamples: 0, gain: 0, noise: 3_000 })).kind).toBe("unheard");
    expect(judgeLoop(chirp, chirp.subarray(1))).toEqual({ kind: "unheard", likeness: 0 });
  });

  it("does not take another sound for its own", () => {
    expect(judgeLoop(chirp, makeTone(1_000, 1_500)).kind).toBe("unheard");
  });
});

describe("a correlation", () => {
  it("is 1 for the same sound at another volume and in the other phase", () => {
    const quiet = Int16Array.from([...new Array(101).fill(0), ...chirp.map((sample) => Math.round(sample * -0.2))]);

    expect(correlate(chirp, quiet).lagSamples).toBe(101);
    expect(correlate(chirp, quiet).likeness).toBeGreaterThan(0.999);
  });

  it("refuses what cannot be found", () => {
    expect(() => correlate(new Int16Array(10), new Int16Array(20))).toThrow(RangeError);
    expect(() => correlate(chirp, new Int16Array(20))).toThrow(RangeError);
  });
});
