import { describe, expect, it } from "vitest";
import { Play } from "./playback.fixture.ts";
import { dueAtMs } from "./playback.ts";
import { DEFAULT_LIMITS as LIMITS } from "./playback-state.ts";

describe("the playback", () => {
  it("speaks one sentence after the other, in the order they came", () => {
    const play = new Play();

    expect(play.say("a")).toEqual(["queued a", "play a"]);
    expect(play.say("b")).toEqual(["queued b"]);
    expect(play.start()).toEqual(["speaking_start a"]);
    expect(play.end()).toEqual(["speaking_end a done 1", "play b"]);
    play.start();
    expect(play.end()).toEqual(["speaking_end b done 1"]);
    expect(play.playback.stage.kind).toBe("idle");
  });

  it("says how long the first sound took, and how long the sentence will sound", () => {
    const play = new Play();
    play.say("a");
    play.nowMs = 40;

    play.start(2_500);

    expect(play.reports.at(-1)).toMatchObject({ event: "speaking_start", firstAudibleMs: 40, expectedMs: 2_500 });
  });

  it("does not speak a sentence again that is delivered again", () => {
    const play = new Play();
    play.say("a");

    expect(play.say("a")).toEqual([]);
  });

  it("ends an empty last sentence in its turn, without a start", () => {
    const play = new Play();
    play.say("a");

    expect(play.say("b", { text: " ", isLast: true })).toEqual(["queued b"]);
    play.start();
    expect(play.end()).toEqual(["speaking_end a done 1", "speaking_end b done 0"]);
    expect(play.say("c", { text: "" })).toEqual(["queued c", "speaking_end c done 0"]);
  });

  it("does not claim to have spoken a sentence in which there was nothing to say", () => {
    const play = new Play();
    play.say("a", { text: "…" });

    expect(play.end()).toEqual(["speaking_end a done 0"]);
  });

  it("goes on with the next sentence when one breaks", () => {
    const play = new Play();
    play.say("a");
    play.say("b");

    expect(play.happen({ type: "broke", generation: 1, cause: "no engine" })).toEqual(["failed a error 0", "play b"]);
    expect(play.reports.at(-1)).toMatchObject({ detail: "no engine" });
  });

  it("takes no notice of the end of a sentence that was cut before", () => {
    const play = new Play();
    play.say("a");
    play.start();
    play.happen({ type: "cancelled", uttId: "t1" }, 0.4);
    play.say("b", { uttId: "t2" });

    expect(play.happen({ type: "ended", generation: 1 })).toEqual([]);
    expect(play.happen({ type: "started", generation: 1, expectedMs: 9 })).toEqual([]);
    expect(play.happen({ type: "broke", generation: 1, cause: "killed" })).toEqual([]);
    expect(play.start()).toEqual(["speaking_start b"]);
  });

  it("refuses the sentence for which there is no room, and says so", () => {
    const play = new Play();
    for (let index = 0; index <= LIMITS.waitingMax; index += 1) play.say(`s${index}`);

    expect(play.say("late")).toEqual(["failed late dropped 0"]);
  });
});

describe("a cancel", () => {
  it("silences its turn, drops what waits of it, and lets the next turn speak", () => {
    const play = new Play();
    play.say("a");
    play.say("b");
    play.say("c", { uttId: "t2" });
    play.start();

    expect(play.happen({ type: "cancelled", uttId: "t1" }, 0.25)).toEqual([
      "failed b dropped 0",
      "cut",
      "speaking_end a cut 0.25",
      "play c",
      "acknowledge t1 active",
    ]);
  });

  it("is acknowledged also when there was nothing to end", () => {
    expect(new Play().happen({ type: "cancelled", uttId: "t9" })).toEqual(["acknowledge t9 idle"]);
  });

  it("may overtake what it cancels, for two minutes", () => {
    const play = new Play();
    play.happen({ type: "cancelled", uttId: "t1" });

    play.nowMs = 119_999;
    expect(play.say("a")).toEqual(["failed a dropped 0"]);
    play.nowMs = 120_000;
    expect(play.say("b")).toEqual(["queued b", "play b"]);
  });

  it("forgets the cancelled turns whose time is over", () => {
    const play = new Play();
    play.happen({ type: "cancelled", uttId: "t1" });
    play.nowMs = 200_000;

    play.happen({ type: "cancelled", uttId: "t2" });

    expect([...play.playback.cancelled.keys()]).toEqual(["t2"]);
  });
});

describe("a pause", () => {
  it("holds the sentence until it is resumed", () => {
    const play = new Play();
    play.say("a");
    play.start();

    expect(play.happen({ type: "paused", uttId: "t1", ttlMs: 20_000 }, 0.3)).toEqual(["pause", "paused a"]);
    expect(play.reports.at(-1)).toMatchObject({ spokenRatio: 0.3 });
    expect(play.happen({ type: "resumed", uttId: undefined }, 0.3)).toEqual(["resume", "resumed a"]);
    expect(play.end()).toEqual(["speaking_end a done 1"]);
  });

  it("of a sentence that has not begun to sound keeps it from beginning", () => {
    const play = new Play();
    play.say("a");

    expect(play.happen({ type: "paused", uttId: undefined, ttlMs: undefined })).toEqual(["pause", "paused a"]);
    expect(play.happen({ type: "resumed", uttId: undefined })).toEqual(["resume", "resumed a"]);
    expect(play.start()).toEqual(["speaking_start a"]);
  });

  it("that nobody ends stops the turn", () => {
    const play = new Play();
    play.say("a");
    play.say("b");
    play.start();
    play.happen({ type: "paused", uttId: "t1", ttlMs: 5_000 }, 0.5);

    expect(play.reachDeadline(0.5)).toEqual(["stopped a", "failed b dropped 0", "cut", "speaking_end a cut 0.5"]);
    expect(play.nowMs).toBe(5_000);
  });

  it("said twice only moves the deadline", () => {
    const play = new Play();
    play.say("a");
    play.start();
    play.happen({ type: "paused", uttId: "t1", ttlMs: 5_000 });
    play.nowMs = 1_000;

    expect(play.happen({ type: "paused", uttId: "t1", ttlMs: 5_000 })).toEqual([]);
    expect(dueAtMs(play.playback, LIMITS)).toBe(6_000);
  });

  it.each(["paused", "resumed"] as const)("for another turn changes nothing (%s)", (type) => {
    const play = new Play();
    play.say("a");
    play.start();

    expect(play.happen(type === "paused" ? { type, uttId: "t2", ttlMs: undefined } : { type, uttId: "t2" })).toEqual(
      [],
    );
  });
});

describe("a stop", () => {
  it("without a name ends the turn that is speaking, and what comes of it later", () => {
    const play = new Play();
    play.say("a");
    play.say("b");
    play.start();

    expect(play.happen({ type: "stopped", uttId: undefined }, 0.5)).toEqual([
      "stopped a",
      "failed b dropped 0",
      "cut",
      "speaking_end a cut 0.5",
    ]);
    expect(play.say("c")).toEqual(["failed c dropped 0"]);
  });

  it("of a turn that waits leaves the speaking one alone", () => {
    const play = new Play();
    play.say("a");
    play.say("b", { uttId: "t2" });

    expect(play.happen({ type: "stopped", uttId: "t2" })).toEqual(["failed b dropped 0"]);
  });

  it("in silence changes nothing", () => {
    expect(new Play().happen({ type: "stopped", uttId: undefined })).toEqual([]);
  });
});

describe("the deadlines", () => {
  it("fail a sentence that does not begin within 10 s", () => {
    const play = new Play();
    play.say("a");
    play.say("b");

    expect(play.reachDeadline()).toEqual(["cut", "failed a error 0", "play b"]);
    expect(play.nowMs).toBe(10_000);
  });

  it("fail a sentence that does not end within 5 s of its expected end", () => {
    const play = new Play();
    play.say("a");
    play.start(1_000);

    expect(play.reachDeadline(0)).toEqual(["cut", "failed a error 0"]);
    expect(play.nowMs).toBe(6_000);
  });

  it("are moved for a sentence that is late and goes on, and fail it when it goes on no more", () => {
    const play = new Play();
    play.say("a");
    play.start(1_000);

    expect(play.reachDeadline(0.6)).toEqual([]);
    expect(dueAtMs(play.playback, LIMITS)).toBe(6_000 + 400 + 5_000);
    expect(play.reachDeadline(0.61)).toEqual(["cut", "failed a error 0.61"]);
  });

  it("count from how long the sentence is known to be, so that a short estimate fails nobody", () => {
    const play = new Play();
    play.say("a");
    play.start(1_000);

    play.happen({ type: "refined", generation: 1, expectedMs: 30_000 });

    expect(dueAtMs(play.playback, LIMITS)).toBe(35_000);
    expect(play.happen({ type: "refined", generation: 0, expectedMs: 1 })).toEqual([]);
    expect(dueAtMs(play.playback, LIMITS)).toBe(35_000);
  });

  it("count from the known length also after a pause in which it became known", () => {
    const play = new Play();
    play.say("a");
    play.start(1_000);
    play.happen({ type: "paused", uttId: undefined, ttlMs: undefined }, 0.5);
    play.happen({ type: "refined", generation: 1, expectedMs: 10_000 }, 0.05);

    play.happen({ type: "resumed", uttId: undefined }, 0.05);

    expect(dueAtMs(play.playback, LIMITS)).toBe(9_500 + 5_000);
  });

  it("are not reached early", () => {
    const play = new Play();
    play.say("a");

    expect(play.happen({ type: "time_passed" })).toEqual([]);
  });
});

describe("the end of the conductor", () => {
  it("lets the sentence finish and empties the queue", () => {
    const play = new Play();
    play.say("a");
    play.say("b");
    play.start();

    expect(play.happen({ type: "abandoned" })).toEqual(["failed b dropped 0"]);
    expect(play.end()).toEqual(["speaking_end a done 1"]);
  });

  it("ends a paused sentence", () => {
    const play = new Play();
    play.say("a");
    play.start();
    play.happen({ type: "paused", uttId: undefined, ttlMs: undefined }, 0.2);

    expect(play.happen({ type: "abandoned" }, 0.2)).toEqual(["cut", "speaking_end a cut 0.2"]);
  });

  it("of the service leaves nothing sounding and nothing untold", () => {
    const play = new Play();
    play.say("a");
    play.say("b");
    play.start();

    expect(play.happen({ type: "silenced" }, 0.1)).toEqual(["failed b dropped 0", "cut", "speaking_end a cut 0.1"]);
  });
});
