import { describe, expect, it } from "vitest";
import { mark, readClock, startClock } from "./turn-clock.ts";

describe("the clock of a turn", () => {
  it("counts each stage from the turn's beginning, and only its first time", () => {
    let clock = startClock(1_000);
    clock = mark(clock, "model_asked", { atMs: 1_003 });
    clock = mark(clock, "first_token", { atMs: 1_203 });
    clock = mark(clock, "first_token", { atMs: 1_400 });

    expect(readClock(clock)).toEqual({
      stages: [
        { stage: "model_asked", at_ms: 3 },
        { stage: "first_token", at_ms: 203 },
      ],
      clock: "agreed",
    });
  });

  it("carries what the service measured itself, also when that comes later", () => {
    let clock = mark(startClock(0), "model_asked", { atMs: 0 });
    clock = mark(clock, "first_token", { atMs: 200 });
    clock = mark(clock, "first_token", { atMs: 900, tookMs: 195 });

    expect(readClock(clock).stages.at(-1)).toEqual({ stage: "first_token", at_ms: 200, took_ms: 195 });
    expect(readClock(clock).clock).toBe("agreed");
  });

  it("doubts itself when a service's own figure differs by more than 50 ms", () => {
    let clock = mark(startClock(0), "model_asked", { atMs: 0 });
    clock = mark(clock, "first_token", { atMs: 200, tookMs: 149 });

    expect(readClock(clock).clock).toBe("doubtful");
  });
});
