import { describe, expect, it } from "vitest";
import { doing, Play } from "./conversation.fixture.ts";
import { dueAtMs } from "./conversation.ts";
import { DEFAULT_RULES as RULES } from "./rules.ts";

describe("the loudspeaker's faults", () => {
  it("turn the answer into writing when nothing begins to sound within 3 s", () => {
    const play = new Play();
    play.ask("t1", { localAnswer: "It is late." });

    const effects = play.reachDeadline();

    expect(play.nowMs).toBe(3_000);
    expect(doing(effects)).toEqual(["hush", "show", "record", "report"]);
    expect(play.finals("t1")).toMatchObject([{ text: "It is late.", failure: { code: "speech_not_started" } }]);
    expect(play.reports("t1")).toMatchObject([
      { outcome: "answered", reason: expect.stringMatching("speech_not_started") },
    ]);
  });

  it("turn the answer into writing when the first sentence fails, and let the text go on", () => {
    const play = new Play();
    play.ask("t1");
    play.stream("t1", 1, { delta: "One. T" });

    expect(doing(play.sound("t1", 0, "failed"))).toEqual(["hush"]);
    play.stream("t1", 2, { delta: "wo.", done: true });
    expect(doing(play.reply("t1", "One. Two."))).toEqual(["show", "show", "record", "report"]);

    expect(play.finals("t1")).toMatchObject([
      { text: "One. Two.", failure: { code: "speech_failed", message: "no sound card" } },
    ]);
  });

  it("go on to the next sentence when a later one fails", () => {
    const play = new Play();
    play.ask("t1", { localAnswer: "One. Two. Three." });
    play.sound("t1", 0, "speaking_start");
    play.sound("t1", 0, "speaking_end", 1);

    play.sound("t1", 1, "failed", 0);
    play.sound("t1", 2, "speaking_start");
    play.sound("t1", 2, "speaking_end", 1);

    expect(play.finals("t1")).toHaveLength(1);
    expect(play.effects.find((effect) => effect.do === "record")).toMatchObject({
      heard: "One. Three.",
      isInterrupted: true,
    });
  });

  it("cancel the turn as stuck when a sentence sounds 3 s longer than expected", () => {
    const play = new Play();
    play.ask("t1", { localAnswer: "It is late." });
    play.sound("t1", 0, "speaking_start");

    const effects = play.reachDeadline();

    expect(play.nowMs).toBe(4_000);
    expect(effects[0]).toEqual({ do: "cancel", uttId: "t1", reason: "speech_stuck" });
    play.happen({ type: "acknowledged", uttId: "t1", service: "tts-worker" });
    expect(play.reports("t1")).toMatchObject([{ outcome: "stuck", missing: [] }]);
    expect(play.finals("t1")).toMatchObject([
      { text: "It is late.", path: "intent", failure: { code: "speech_stuck" } },
    ]);
  });

  it("give a sentence more time that was told to go on and has not said so", () => {
    const play = new Play();
    play.ask("t1", { localAnswer: "It is late." });
    play.sound("t1", 0, "speaking_start");

    play.sound("t1", 0, "paused", 0.3);
    play.reachDeadline();

    expect(dueAtMs(play.conversation, RULES)).toBe(RULES.speechPausedMs);
  });

  it("turn the answer into writing when the worker goes away", () => {
    const play = new Play();
    play.ask("t1", { localAnswer: "It is late." });

    play.change({ model: "up", loudspeaker: "down" }, ["loudspeaker"]);

    expect(play.finals("t1")).toMatchObject([{ text: "It is late.", failure: { code: "tts_unavailable" } }]);
    expect(play.state).toBe("asleep");
  });
});
