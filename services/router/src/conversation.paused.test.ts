import { describe, expect, it } from "vitest";
import { doing, Play } from "./conversation.fixture.ts";
import { describeConversation } from "./description.ts";
import { interrupt, paused, speaking } from "./pause.fixture.ts";
import type { Plan } from "./plans.ts";
import { DEFAULT_RULES as RULES } from "./rules.ts";

const STOP: Plan = { do: "stop", text: "Stopped." };
const ANSWER: Plan = { do: "answer", text: "Two." };

describe("speech into ours", () => {
  it("is listened to from its onset, as soon as the loudspeaker is silent", () => {
    const play = speaking();

    const uttId = interrupt(play);
    const before = play.grant;
    const effects = play.sound("t1", 0, "paused", 0.5);

    expect([play.state, before]).toEqual(["paused", undefined]);
    expect(effects).toEqual([
      { do: "grant", uttId, grant: "open", captureId: "0123456789abcdef", fromSample: 5_000, ttlMs: 2_500 },
    ]);
    expect(describeConversation(play.conversation, RULES)).toMatchObject({
      ...{ state: "paused", uttId: "t1", asks: ["t1"], grant: "open", reason: "interrupt", dueAtMs: 2_500 },
    });
  });

  it("by the wake phrase is listened to from the phrase's end", () => {
    const play = speaking();

    const uttId = play.call(9_000);
    play.sound("t1", 0, "paused", 0.5);

    expect(play.effects.at(-1)).toMatchObject({ do: "grant", uttId, grant: "open", fromSample: 9_000 });
  });

  it("has the loudspeaker told to pause after 200 ms, and to stop after 700 ms", () => {
    const play = speaking();
    interrupt(play);

    const first = play.reachDeadline();
    const firstMs = play.nowMs;
    const second = play.reachDeadline();

    expect([firstMs, play.nowMs]).toEqual([200, 700]);
    expect([first, second]).toMatchObject([
      [{ do: "pause", uttId: "t1", ttlMs: 20_000 }],
      [{ do: "hush", uttId: "t1" }],
    ]);
    expect(play.grant).toBeUndefined();
  });

  it("is listened to also where only the loudspeaker says that it is silent, and from its onset once that is known", () => {
    const play = speaking();

    const held = play.sound("t1", 0, "paused", 0.5);
    const uttId = `n${play.happenedCount}`;
    play.happen({ type: "interrupted", captureId: "0123456789abcdef", fromSample: 5_000 });
    play.refuse(uttId, "superseded");

    expect(held).toMatchObject([{ do: "grant", uttId, grant: "open", fromSample: undefined }]);
    expect(play.effects.at(-1)).toMatchObject({ do: "grant", uttId, grant: "open", fromSample: 5_000 });
    expect(play.state).toBe("paused");
  });

  it("that grows into the wake phrase is listened to from the phrase's end", () => {
    const play = speaking();
    const uttId = paused(play);

    play.call(9_000);

    expect(play.effects.at(-1)).toMatchObject({ do: "grant", uttId, grant: "open", fromSample: 9_000 });
  });

  it("is none where nothing of ours sounds", () => {
    const play = new Play();

    interrupt(play);
    play.ask("t1");
    interrupt(play);

    expect([play.state, doing(play.effects)]).toEqual(["thinking", ["ask_model"]]);
  });

  it("into a filler has the loudspeaker go on: nothing is held that waits for an answer", () => {
    const play = new Play();
    play.ask("t1");
    play.reachDeadline();
    play.sound("t1", 0, "speaking_start");

    const effects = play.sound("t1", 0, "paused", 0.5);

    expect(effects).toEqual([{ do: "resume", uttId: "t1" }]);
    expect(play.state).toBe("thinking");
  });
});

describe("what is said into the pause", () => {
  it("is a new turn, which knows what was heard of the one before", () => {
    const play = speaking();
    const uttId = paused(play);

    const effects = play.transcribe(uttId, "and tomorrow");

    expect(effects).toMatchObject([
      { do: "grant", uttId, grant: "armed" },
      { do: "cancel", uttId: "t1", reason: "superseded" },
      { do: "show", uttId: "t1", isFinal: true },
      { do: "ask_model", uttId, question: "and tomorrow", history: [{}, { content: "One … (interrupted here)" }] },
    ]);
    expect(play.state).toBe("thinking");
    play.happen({ type: "acknowledged", uttId: "t1", service: "tts-worker" });
    expect(play.effects.find((effect) => effect.do === "record")).toMatchObject({
      ...{ uttId: "t1", heard: "One", isInterrupted: true },
    });
  });

  it.each([
    ["level", "followup"],
    ["phrase", "wake"],
  ])("by %s is reported as one that began by %s", (by, origin) => {
    const play = speaking();
    const uttId = by === "phrase" ? play.call(9_000) : interrupt(play);
    play.sound("t1", 0, "paused", 0.5);

    play.transcribe(uttId, "and two", ANSWER);
    play.sound(uttId, 0, "speaking_start");
    play.sound(uttId, 0, "speaking_end", 1);

    expect(play.reports(uttId)).toMatchObject([{ origin, outcome: "answered" }]);
    expect(play.state).toBe("followup");
  });

  it("of the stop class ends everything, and nothing is spoken", () => {
    const play = speaking();
    const uttId = paused(play);

    const effects = play.transcribe(uttId, "stop", STOP);

    expect(doing(effects)).toEqual(["grant", "cancel", "show", "show", "report"]);
    expect(play.finals(uttId)).toMatchObject([{ text: "Stopped." }]);
    expect(play.conversation).toMatchObject({ activity: { kind: "asleep" }, reason: "stop" });
  });

  it.each(["noise", "unclear", "engine_failed"])("and is refused as %s lets the speech go on", (code) => {
    const play = speaking();
    const uttId = paused(play);

    const effects = play.refuse(uttId, code);

    expect(effects).toMatchObject([
      { do: "grant", uttId, grant: "armed", isFinishing: false },
      { do: "resume", uttId: "t1" },
    ]);
    expect(play.conversation).toMatchObject({ activity: { kind: "speaking" }, reason: "resumed" });
  });

  it("and holds no words lets the speech go on", () => {
    const play = speaking();

    expect(doing(play.transcribe(paused(play), " "))).toEqual(["grant", "resume"]);
  });
});
