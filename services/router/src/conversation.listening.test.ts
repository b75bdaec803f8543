import { describe, expect, it } from "vitest";
import { doing, Play } from "./conversation.fixture.ts";
import { dueAtMs } from "./conversation.ts";
import { describeConversation } from "./description.ts";
import { DEFAULT_RULES as RULES } from "./rules.ts";

const ANSWER_ASKED = { localAnswer: "It is late." } as const;
const ANSWER = { do: "answer", text: "It is late." } as const;

describe("the talk button", () => {
  it("grants the microphone from the sample that it names, for 8 s", () => {
    const play = new Play();

    const effects = play.happen({
      ...{ type: "listen_started", uttId: "t1", speak: "auto", captureId: "0123456789abcdef", fromSample: 320 },
    });

    expect(effects).toEqual([
      { do: "grant", uttId: "t1", grant: "open", captureId: "0123456789abcdef", fromSample: 320, ttlMs: 8_000 },
    ]);
    expect(describeConversation(play.conversation, RULES)).toMatchObject({
      ...{ state: "listening", uttId: "t1", asks: ["t1"], grant: "open", dueAtMs: 8_000 },
    });
  });

  it("cancels what runs, which ends as superseded", () => {
    const play = new Play();
    play.ask("t1", ANSWER_ASKED);
    play.sound("t1", 0, "speaking_start");

    const effects = play.listen("t2");

    expect(effects).toMatchObject([
      { do: "cancel", uttId: "t1", reason: "superseded" },
      { do: "show", uttId: "t1", isFinal: true, failure: { code: "superseded" } },
      { do: "grant", uttId: "t2", grant: "open" },
    ]);
  });

  it("pressed again begins a new turn, and the first one ends", () => {
    const play = new Play();
    play.listen("t1");

    const effects = play.listen("t2");

    expect(doing(effects)).toEqual(["grant", "show", "report", "grant"]);
    expect(play.finals("t1")).toMatchObject([{ path: "cancelled", failure: { code: "superseded" } }]);
    expect([play.state, play.grant]).toEqual(["listening", "open"]);
  });

  it("pressed under an id that is known already counts once", () => {
    const play = new Play();
    play.listen("t1");

    const effects = play.listen("t1");

    expect(effects).toEqual([]);
    expect([play.state, play.finals("t1")]).toEqual(["listening", []]);
  });

  it("released has what is being said transcribed, up to the sample that it names", () => {
    const play = new Play();
    play.listen("t1");
    play.notice("speech");

    const effects = play.happen({ type: "listen_stopped", toSample: 16_000 });

    expect(effects).toEqual([{ do: "grant", uttId: "t1", grant: "armed", isFinishing: true, toSample: 16_000 }]);
    expect(describeConversation(play.conversation, RULES)).toMatchObject({ state: "listening", grant: "armed" });
    play.transcribe("t1", "what time is it", ANSWER);
    expect(play.state).toBe("thinking");
  });

  it("released without a word ends the turn after a moment", () => {
    const play = new Play();
    play.listen("t1");
    play.nowMs = 400;
    play.happen({ type: "listen_stopped", toSample: undefined });

    play.reachDeadline();

    expect(play.nowMs).toBe(400 + RULES.released.quietMs);
    expect(play.reports("t1")).toMatchObject([{ outcome: "no_speech", origin: "button" }]);
    expect(play.grant).toBe("armed");
  });

  it("released over what is no utterance ends the turn at once", () => {
    const play = new Play();
    play.listen("t1");
    play.happen({ type: "listen_stopped", toSample: undefined });

    play.refuse("t1", "too_short");

    expect(play.reports("t1")).toMatchObject([{ outcome: "no_speech" }]);
  });

  it("thrown away drops what was said", () => {
    const play = new Play();
    play.listen("t1");

    const effects = play.happen({ type: "listen_dropped" });

    expect(effects[0]).toMatchObject({ do: "grant", grant: "armed", isFinishing: false });
    expect(play.finals("t1")).toMatchObject([{ path: "cancelled", failure: { code: "dropped" } }]);
    expect(play.happen({ type: "listen_dropped" })).toEqual([]);
    expect(play.happen({ type: "listen_stopped", toSample: undefined })).toEqual([]);
  });

  it("ends in words at once when the recogniser is known to be away", () => {
    const play = new Play({ ears: "down" });

    const effects = play.listen("t1");

    expect(effects.filter((effect) => effect.do === "say")).toMatchObject([
      { text: RULES.sentences.earsMissing, kind: "error", isLast: true },
    ]);
    expect(play.grant).toBe("armed");
    play.sound("t1", 0, "speaking_start");
    play.sound("t1", 0, "speaking_end", 1);
    expect(play.finals("t1")).toMatchObject([{ path: "error", failure: { code: "stt_unavailable" } }]);
  });

  it("ends in words after 1 s when no recogniser was ever heard of", () => {
    const play = new Play({ ears: "unseen", loudspeaker: "down" });
    play.listen("t1");

    play.reachDeadline();

    expect(play.nowMs).toBe(1_000);
    expect(play.finals("t1")).toMatchObject([
      { text: RULES.sentences.earsMissing, path: "error", failure: { code: "stt_unavailable" } },
    ]);
  });
});

describe("listening", () => {
  it("ends after 8 s without a word", () => {
    const play = new Play();
    play.listen("t1");

    const effects = play.reachDeadline();

    expect(play.nowMs).toBe(8_000);
    expect(effects).toMatchObject([
      { do: "grant", uttId: "t1", grant: "armed", isFinishing: false },
      {
        do: "show",
        seq: 0,
        text: "I did not hear anything.",
        path: "error",
        isFinal: true,
        failure: { code: "no_speech" },
      },
      { do: "report", outcome: "no_speech" },
    ]);
    expect(describeConversation(play.conversation, RULES)).toMatchObject({ state: "asleep", reason: "no_speech" });
  });

  it("is held while somebody speaks or is transcribed, for 20 s at most", () => {
    const play = new Play();
    play.listen("t1");
    play.nowMs = 7_000;
    play.notice("speech");
    play.nowMs = 12_000;
    play.notice("transcribing");

    expect(dueAtMs(play.conversation, RULES)).toBe(20_000);
    play.reachDeadline();

    expect(play.reports("t1")).toMatchObject([{ outcome: "no_speech" }]);
  });

  it("waits a moment for the transcript of speech that is over", () => {
    const play = new Play();
    play.listen("t1");
    play.notice("speech");
    play.nowMs = 11_000;

    play.notice("idle");

    expect(dueAtMs(play.conversation, RULES)).toBe(11_000 + RULES.listenGraceMs);
  });

  it("ends with the cause when the recogniser goes away", () => {
    const play = new Play();
    play.listen("t1");

    const effects = play.change({}, ["ears"]);

    expect(effects).toMatchObject([{ do: "grant" }, { do: "show" }, { do: "say", text: RULES.sentences.earsMissing }]);
  });

  it("ends when the microphone is switched off, not when it is first heard that it is off", () => {
    const first = new Play({ hearing: { activity: "idle", isPrivate: undefined } });
    first.listen("t1");
    const later = new Play();
    later.listen("t1");

    first.change({ hearing: { activity: "idle", isPrivate: true } });
    later.change({ hearing: { activity: "idle", isPrivate: true } });

    expect(first.state).toBe("listening");
    expect(later.finals("t1")).toMatchObject([{ path: "cancelled", failure: { code: "privacy" } }]);
  });

  it.each(["t1", undefined])("is ended by a cancel (of %s)", (uttId) => {
    const play = new Play();
    play.listen("t1");

    play.happen({ type: "cancelled", uttId, reason: "changed my mind" });

    expect(play.finals("t1")).toMatchObject([{ path: "cancelled", failure: { message: "changed my mind" } }]);
    expect([play.state, play.grant]).toEqual(["asleep", "armed"]);
  });

  it("is ended by a typed question, and not by one that wants no speech", () => {
    const play = new Play();
    play.listen("t1");

    play.ask("t2", { speak: "no", localAnswer: "Yes." });
    expect(play.state).toBe("listening");
    play.ask("t3", { localAnswer: "Yes." });

    expect(play.finals("t1")).toMatchObject([{ failure: { code: "superseded" } }]);
    expect([play.state, play.grant]).toEqual(["thinking", "armed"]);
  });

  it("lets announcements wait", () => {
    const play = new Play();
    play.listen("t1");

    expect(play.announce("t2")).toEqual([]);

    expect(doing(play.reachDeadline())).toEqual(["grant", "show", "report", "say"]);
  });

  it("says its grant again when the broker is back, also that it is over, and nothing when nobody ever listened", () => {
    const play = new Play();
    expect(play.happen({ type: "reconnected" })).toEqual([]);
    play.listen("t1");
    play.nowMs = 3_000;

    expect(play.happen({ type: "reconnected" })).toMatchObject([
      { do: "grant", uttId: "t1", grant: "open", ttlMs: 5_000 },
    ]);
    play.happen({ type: "listen_stopped", toSample: 7 });

    expect(play.happen({ type: "reconnected" })).toMatchObject([{ grant: "armed", isFinishing: true, toSample: 7 }]);
    play.happen({ type: "listen_dropped" });

    expect(play.happen({ type: "reconnected" })).toMatchObject([{ uttId: "t1", grant: "armed", isFinishing: false }]);
  });

  it("of a former life is closed, answered and reported", () => {
    const play = new Play();

    const effects = play.happen({ type: "found", uttId: "t1", isOver: false, asks: ["t1"], isGranted: true });

    expect(effects).toMatchObject([
      { do: "grant", uttId: "t1", grant: "armed", isFinishing: false },
      { do: "cancel", uttId: "t1" },
      { do: "show", text: "I was restarted. Please ask again.", isFinal: true },
      { do: "report", outcome: "router_restart" },
    ]);
  });
});
