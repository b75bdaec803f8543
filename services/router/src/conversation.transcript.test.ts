import { describe, expect, it } from "vitest";
import { doing, Play } from "./conversation.fixture.ts";
import { DEFAULT_RULES as RULES } from "./rules.ts";

const ANSWER = { do: "answer", text: "It is late." } as const;

describe("a transcript", () => {
  it("closes the grant and is answered as a question is, with the times of its recognition", () => {
    const play = new Play();
    play.listen("t1");
    play.nowMs = 1_000;
    play.notice("speech");
    play.nowMs = 3_000;

    const effects = play.transcribe("t1", "what time is it", ANSWER);

    expect(doing(effects)).toEqual(["grant", "show", "say"]);
    play.sound("t1", 0, "speaking_start");
    play.sound("t1", 0, "speaking_end", 1);
    expect(play.finals("t1")).toMatchObject([{ text: "It is late.", path: "intent" }]);
    expect(play.effects.find((effect) => effect.do === "record")).toMatchObject({ user: "what time is it" });
    const [report] = play.reports("t1");
    expect(report).toMatchObject({ origin: "button", outcome: "answered", clock: "agreed" });
    expect(report?.stages.slice(0, 4)).toEqual([
      { stage: "speech_heard", at_ms: 1_000 },
      { stage: "endpointed", at_ms: 2_910, took_ms: 700 },
      { stage: "transcribed", at_ms: 3_000, took_ms: 90 },
      { stage: "understood", at_ms: 3_000 },
    ]);
  });

  it("that is answered in writing leaves the conversation asleep, and says why", () => {
    const play = new Play({ loudspeaker: "down" });
    play.listen("t1");

    play.transcribe("t1", "what time is it", ANSWER);

    expect(play.conversation).toMatchObject({ activity: { kind: "asleep" }, reason: "answered" });
  });

  it("that goes to the model is bridged by the filler, counted from the question", () => {
    const play = new Play();
    play.listen("t1");
    play.nowMs = 5_000;
    play.transcribe("t1", "why is the sky blue");

    const effects = play.reachDeadline();

    expect(play.nowMs).toBe(5_000 + RULES.fillerAfterMs);
    expect(effects).toMatchObject([{ do: "say", kind: "filler" }]);
  });

  it.each(["auto", "yes", "no"] as const)("is spoken as the button asked (%s)", (speak) => {
    const play = new Play();
    play.listen("t1", speak);

    const effects = play.transcribe("t1", "what time is it", ANSWER);

    expect(doing(effects).includes("say")).toBe(speak !== "no");
  });

  it("of another turn, or after the end, is ignored", () => {
    const play = new Play();
    play.listen("t1");

    expect(play.transcribe("t0", "what time is it", ANSWER)).toEqual([]);
    play.happen({ type: "listen_dropped" });

    expect(play.transcribe("t1", "what time is it", ANSWER)).toEqual([]);
  });

  it("without words was not understood, and that is said", () => {
    const play = new Play();
    play.listen("t1");

    const effects = play.transcribe("t1", "  ");

    expect(effects.filter((effect) => effect.do === "say")).toMatchObject([{ text: "I did not catch that." }]);
    expect(play.grant).toBe("armed");
  });
});

describe("a refusal", () => {
  it.each([
    ["unclear", RULES.sentences.unclear],
    ["privacy", RULES.sentences.privacy],
    ["busy", RULES.sentences.earsBusy],
    ["no_microphone", RULES.sentences.noMicrophone],
    ["engine_missing", RULES.sentences.engineMissing],
    ["engine_timeout", RULES.sentences.engineFailed],
    ["engine_failed", RULES.sentences.engineFailed],
  ])("for %s ends the turn with a sentence, shown and spoken", (code, text) => {
    const play = new Play();
    play.listen("t1");

    const effects = play.refuse("t1", code);

    expect(effects).toMatchObject([
      { do: "grant", grant: "armed" },
      { do: "show", text, path: "error", isFinal: false },
      { do: "say", text, kind: "error", isLast: true },
    ]);
    play.sound("t1", 0, "speaking_start");
    play.sound("t1", 0, "speaking_end", 1);
    expect(play.finals("t1")).toMatchObject([
      { text, path: "error", failure: { code, message: "as stt-worker says" } },
    ]);
    expect(play.reports("t1")).toMatchObject([{ outcome: "failed", origin: "button" }]);
    expect(play.effects.some((effect) => effect.do === "record")).toBe(false);
  });

  it.each(["noise", "too_short", "echo"])("for %s leaves the turn listening", (code) => {
    const play = new Play();
    play.listen("t1");

    expect(play.refuse("t1", code)).toEqual([]);

    expect([play.state, play.grant]).toEqual(["listening", "open"]);
  });
});
