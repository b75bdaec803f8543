import { expect, test } from "vitest";
import { measure } from "./built-in-speech.ts";

/** Computes so long for each second of sound, and waits for the processor as long as the test likes. */
function board(busyMsPerSecond: number) {
  let busyMs = 0;
  let trials = 0;
  const recogniser = {
    begin: () => {
      trials += 1;
    },
    feed: (pcm: Int16Array) => {
      busyMs += (pcm.length / 16_000) * busyMsPerSecond;
    },
    end: () => undefined,
  };
  return { recogniser, busyMs: () => busyMs, trials: () => trials };
}

test.for([
  [120, "full", 1],
  [500, "narrow", 3],
  [1_500, "grammar_only", 3],
] as const)(
  "a board that computes %i ms for a second of sound decodes with the profile %s",
  ([cost, profile, trials]) => {
    const slow = board(cost);

    const facts = measure(slow.recogniser, slow.busyMs);

    expect(facts.profile).toBe(profile);
    expect(facts.realTimeRatio).toBeCloseTo(cost / 1_000, 1);
    expect(slow.trials()).toBe(trials);
  },
);

test("a board that others keep busy is not a slow one: what this thread does not compute does not count", () => {
  const idle = board(0);

  // By the clock this takes as long as it takes; nothing is computed by the recogniser.
  expect(measure(idle.recogniser, idle.busyMs)).toEqual({ profile: "full", realTimeRatio: 0 });
  expect(measure(idle.recogniser).realTimeRatio).toBeLessThan(0.35);
});
