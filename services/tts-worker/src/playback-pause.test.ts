import { describe, expect, it } from "vitest";
import { Play } from "./playback.fixture.ts";
import { dueAtMs } from "./playback.ts";
import { DEFAULT_LIMITS as LIMITS } from "./playback-state.ts";

describe("a pause behind which something still sounds", () => {
  it("is too late for a sentence that begins and ends with what was handed over, and holds the next one of its turn", () => {
    const play = new Play();
    play.say("a");
    play.say("b");

    expect(play.happen({ type: "paused", uttId: "t1", ttlMs: 5_000 })).toEqual(["pause", "paused a"]);
    expect(play.start()).toEqual(["speaking_start a"]);
    expect(play.end()).toEqual(["speaking_end a done 1", "play b"]);
    expect(play.happen({ type: "resumed", uttId: "t1" })).toEqual(["resume", "resumed b"]);
    expect(play.start()).toEqual(["speaking_start b"]);
  });

  it("goes on with a sentence that began while it was paused, and does not wait for its beginning again", () => {
    const play = new Play();
    play.say("a");
    play.happen({ type: "paused", uttId: "t1", ttlMs: 5_000 });
    play.start(60_000);

    expect(play.happen({ type: "resumed", uttId: "t1" }, 0.1)).toEqual(["resume", "resumed a"]);
    expect(dueAtMs(play.playback, LIMITS)).toBe(54_000 + LIMITS.overrunMs);
  });

  it("holds the next sentence of its turn also when that comes later, until its deadline", () => {
    const play = new Play();
    play.say("a");
    play.start();
    play.happen({ type: "paused", uttId: "t1", ttlMs: 5_000 }, 0.9);
    play.end();

    expect(play.say("b")).toEqual(["queued b", "play b"]);
    expect(play.playback.stage).toMatchObject({ kind: "paused", untilMs: 5_000 });
    expect(play.reachDeadline()).toEqual(["stopped b", "cut", "speaking_end b cut 0"]);
  });

  it.each<[string, (play: Play) => readonly string[], readonly string[]]>([
    ["a resume", (play) => play.happen({ type: "resumed", uttId: "t1" }), ["resume"]],
    ["a stop", (play) => play.happen({ type: "stopped", uttId: undefined }), ["resume"]],
    ["its deadline", (play) => play.reachDeadline(), ["resume"]],
    ["the end of the conductor", (play) => play.happen({ type: "abandoned" }), ["resume"]],
    ["a cancel", (play) => play.happen({ type: "cancelled", uttId: "t1" }), ["resume", "acknowledge t1 active"]],
    ["another turn", (play) => play.say("b", { uttId: "t2" }), ["queued b", "resume", "play b"]],
    [
      "the news that nothing follows",
      (play) => play.say("b", { text: "", isLast: true }),
      ["queued b", "speaking_end b done 0", "resume"],
    ],
  ])("in which the sentence came to its end is ended by %s", (_what, end, effects) => {
    const play = new Play();
    play.say("a");
    play.start();
    play.happen({ type: "paused", uttId: "t1", ttlMs: 5_000 }, 0.9);
    play.end();

    expect(end(play)).toEqual(effects);
    expect(play.playback.stage.kind).not.toBe("held");
  });

  it("ends with the last sentence of its turn", () => {
    const play = new Play();
    play.say("a", { isLast: true });
    play.say("b", { uttId: "t2" });
    play.start();
    play.happen({ type: "paused", uttId: "t1", ttlMs: 5_000 }, 0.9);

    expect(play.end()).toEqual(["speaking_end a done 1", "resume", "play b"]);
  });

  it("ends with the last sentence of its turn, also when nothing waits", () => {
    const play = new Play();
    play.say("a", { isLast: true });
    play.start();
    play.happen({ type: "paused", uttId: "t1", ttlMs: 5_000 }, 0.9);

    expect(play.end()).toEqual(["speaking_end a done 1", "resume"]);
    expect(play.playback.stage.kind).toBe("idle");
  });
});
