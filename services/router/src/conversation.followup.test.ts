import { describe, expect, it } from "vitest";
import { doing, Play } from "./conversation.fixture.ts";
import { dueAtMs } from "./conversation.ts";
import { describeConversation } from "./description.ts";
import type { Plan } from "./plans.ts";
import { DEFAULT_RULES as RULES } from "./rules.ts";

const ANSWER: Plan = { do: "answer", text: "It is late." };
const STOP: Plan = { do: "stop", text: "Stopped." };

/** A conversation that was begun by the wake phrase and answered aloud; gives the turn. */
function talk(play: Play, plan: Plan = ANSWER, levelDb = -20): string {
  const uttId = play.call();
  play.transcribe(uttId, "a question", plan, { levelDb });
  play.speakOut(uttId);
  return uttId;
}

describe("a follow-up", () => {
  it("opens at the end of an answer, to a turn of its own, for 5 s", () => {
    const play = new Play();

    const uttId = talk(play);

    expect(play.effects.at(-1)).toMatchObject({ do: "grant", grant: "open", ttlMs: 5_000 });
    expect(play.listenedTo).not.toBe(uttId);
    expect(describeConversation(play.conversation, RULES)).toMatchObject({
      ...{ state: "followup", uttId, asks: [], grant: "open", expects: "anything", dueAtMs: 5_000 },
    });
  });

  it.each<[string, Plan, string]>([
    ["a question", { do: "answer", text: "What can I do for you?" }, "anything"],
    ["a question in quotes", { do: "answer", text: "He said “why?”" }, "anything"],
    ["a yes or no question of ours", { do: "answer", text: "Shall I.", expects: "yes_no" }, "yes_no"],
  ])("after %s waits for 10 s", (_what, plan, expects) => {
    const play = new Play();

    talk(play, plan);

    expect(describeConversation(play.conversation, RULES)).toMatchObject({ expects, dueAtMs: 10_000 });
  });

  it("opens behind the last sentence, and not behind one that more follow", () => {
    const play = new Play();
    const uttId = play.call();
    play.transcribe(uttId, "a question", { do: "answer", text: "One fine day. And then." });

    play.speakOut(uttId, 0);
    const between = [play.state, play.grant];
    play.speakOut(uttId, 1);

    expect([between, play.state, play.grant]).toEqual([["speaking", "armed"], "followup", "open"]);
  });

  it("opens after an apology too", () => {
    const play = new Play();
    const uttId = play.call();
    play.refuse(uttId, "unclear");

    play.speakOut(uttId);

    expect(play.state).toBe("followup");
  });

  it("ends in silence, and the wake phrase is needed again", () => {
    const play = new Play();
    talk(play);

    const effects = play.reachDeadline();

    expect(play.nowMs).toBe(5_000);
    expect(effects).toMatchObject([{ do: "grant", grant: "armed", isFinishing: false }]);
    expect(play.conversation).toMatchObject({ activity: { kind: "asleep" }, reason: "deadline" });
  });

  it("is held while somebody speaks, for 20 s at most, and a moment for the transcript", () => {
    const play = new Play();
    talk(play);
    play.nowMs = 4_000;

    play.notice("speech");
    const heldUntilMs = dueAtMs(play.conversation, RULES);
    play.nowMs = 9_000;
    play.notice("idle");

    expect([heldUntilMs, dueAtMs(play.conversation, RULES)]).toEqual([20_000, 9_000 + RULES.listenGraceMs]);
  });

  it("takes what is said for the next question of the same conversation", () => {
    const play = new Play();
    talk(play);
    const next = play.listenedTo;

    const effects = play.transcribe(next, "and tomorrow");

    expect(effects).toMatchObject([
      { do: "grant", uttId: next, grant: "armed" },
      { do: "ask_model", uttId: next, question: "and tomorrow", history: [{ content: "a question" }, {}] },
    ]);
    play.reply(next, "Rain.");
    play.speakOut(next);
    expect(play.reports(next)).toMatchObject([{ origin: "followup", outcome: "answered" }]);
  });

  it("is not asked for a fourth time in a row, but after the wake phrase or the button", () => {
    const play = new Play();
    talk(play);
    for (let count = 1; count < 3; count += 1) {
      const uttId = play.listenedTo;
      play.transcribe(uttId, "and", ANSWER);
      play.speakOut(uttId);
    }
    expect(play.state).toBe("followup");
    const last = play.listenedTo;
    play.transcribe(last, "and", ANSWER);
    play.speakOut(last);
    expect(play.state).toBe("asleep");

    talk(play);

    expect(play.state).toBe("followup");
  });

  it.each([
    [-32, true],
    [-8, true],
    [-32.5, false],
    [-7.5, false],
  ])("after a first utterance of -20 dB counts one of %d dB: %s", (levelDb, isCounted) => {
    const play = new Play();
    talk(play, ANSWER, -20);

    const effects = play.transcribe(play.listenedTo, "and tomorrow", ANSWER, { levelDb });

    expect(effects.length > 0).toBe(isCounted);
    expect(play.state).toBe(isCounted ? "thinking" : "followup");
  });

  it("counts an utterance of which no level is known", () => {
    const play = new Play();
    talk(play);

    play.transcribe(play.listenedTo, "and tomorrow", ANSWER);

    expect(play.state).toBe("thinking");
  });

  it("ends at a word of the stop class, in writing", () => {
    const play = new Play();
    talk(play);
    const uttId = play.listenedTo;

    const effects = play.transcribe(uttId, "never mind", STOP);

    expect(doing(effects)).toEqual(["grant", "show", "report"]);
    expect(play.conversation).toMatchObject({ activity: { kind: "asleep" }, reason: "stop" });
  });

  it.each(["unclear", "noise", "engine_failed"])("stays, silently, when what was heard is refused as %s", (code) => {
    const play = new Play();
    talk(play);

    expect(play.refuse(play.listenedTo, code)).toEqual([]);

    expect(play.state).toBe("followup");
  });

  it("is left for a new turn by the wake phrase, the button and a typed question, and its grant ends", () => {
    const [wake, button, typed] = [new Play(), new Play(), new Play()];
    for (const play of [wake, button, typed]) talk(play);

    wake.call(7);
    button.listen("t1");
    const asked = typed.ask("t1");

    expect([wake.state, button.state, typed.state]).toEqual(["listening", "listening", "thinking"]);
    expect(doing(asked)).toEqual(["grant", "ask_model"]);
    expect([wake.grant, button.grant, typed.grant]).toEqual(["open", "open", "armed"]);
  });

  it.each([undefined, "the turn", "the window"])("is ended by a cancel (of %s)", (which) => {
    const play = new Play();
    const turn = talk(play);
    const uttId = which === "the turn" ? turn : which === "the window" ? play.listenedTo : undefined;

    play.happen({ type: "cancelled", uttId, reason: "enough" });

    expect([play.state, play.grant]).toEqual(["asleep", "armed"]);
  });

  it("lets an announcement be spoken, unless somebody speaks", () => {
    const [quiet, loud] = [new Play(), new Play()];
    for (const play of [quiet, loud]) talk(play);
    loud.notice("speech");

    expect(doing(quiet.announce("a1"))).toEqual(["grant", "say"]);
    expect(doing(loud.announce("a1"))).toEqual([]);
    expect(doing(loud.notice("idle"))).toEqual(["grant", "say"]);
  });

  it("ends when the microphone is switched off or the recogniser goes away, without a word", () => {
    const [off, gone] = [new Play(), new Play()];
    for (const play of [off, gone]) talk(play);

    const effects = [
      off.change({ hearing: { activity: "idle", isPrivate: true } }),
      gone.change({ ears: "down" }, ["ears"]),
    ];

    expect(effects.map(doing)).toEqual([["grant"], ["grant"]]);
    expect([off.state, gone.state]).toEqual(["asleep", "asleep"]);
  });

  it("says its grant again when the broker is back", () => {
    const play = new Play();
    talk(play);
    play.nowMs = 2_000;

    expect(play.happen({ type: "reconnected" })).toMatchObject([
      { do: "grant", uttId: play.listenedTo, grant: "open", ttlMs: 3_000 },
    ]);
  });

  it("of a former life is closed, and the turn before it is not reported again", () => {
    const play = new Play();

    const effects = play.happen({ type: "found", uttId: "t1", isOver: true, asks: [], isGranted: true });

    expect(effects).toEqual([{ do: "grant", uttId: "t1", grant: "armed", isFinishing: false, toSample: undefined }]);
  });
});
