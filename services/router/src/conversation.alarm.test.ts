import { describe, expect, it } from "vitest";
import { doing, Play } from "./conversation.fixture.ts";
import { describeConversation } from "./description.ts";
import type { Plan } from "./plans.ts";
import { DEFAULT_RULES as RULES } from "./rules.ts";

const ANSWER: Plan = { do: "answer", text: "It is late." };
const PASTA = { id: "1", name: "pasta" };
const TEA = { id: "2", name: "tea" };

/** The time of a timer is up; gives the turn that it is shown as. */
function due(play: Play, { id, name } = PASTA): string {
  return play.timerDue(id, name);
}

function ringing(): readonly [Play, string] {
  const play = new Play();
  return [play, due(play)];
}

const says = (play: Play) => play.effects.filter((effect) => effect.do === "say");

describe("a timer that is due", () => {
  it("is shown and rings at once when nobody is talked with", () => {
    const [play, uttId] = ringing();

    expect(play.effects).toEqual([
      { do: "keep_timers", uttId: "1", timers: [] },
      { do: "show", uttId, seq: 0, text: "Time is up: the pasta timer.", path: "intent", isFinal: false },
      { do: "say", uttId, seq: 0, text: "Time is up: the pasta timer.", kind: "alarm", isLast: false },
    ]);
    expect(describeConversation(play.conversation, RULES)).toMatchObject({
      ...{ state: "alarm", uttId, asks: [], grant: "armed", reason: "timer", dueAtMs: 60_000 },
      timers: ["the pasta timer"],
    });
  });

  it("rings again 1.5 s after the end of its sentence", () => {
    const [play, uttId] = ringing();
    play.sound(uttId, 0, "speaking_start");
    play.nowMs = 1_000;
    play.sound(uttId, 0, "speaking_end", 1);

    const effects = play.reachDeadline();

    expect(play.nowMs).toBe(2_500);
    expect(effects).toMatchObject([{ do: "say", uttId, seq: 1, kind: "alarm" }]);
  });

  it("rings again also when nothing is heard of its sentence", () => {
    const [play] = ringing();

    play.reachDeadline();
    play.reachDeadline();

    expect([play.nowMs, says(play).length]).toEqual([4_500, 2]);
  });

  it("is given up after 60 s, and shown as missed", () => {
    const [play, uttId] = ringing();

    while (play.state === "alarm") play.reachDeadline();

    expect(play.nowMs).toBe(60_000);
    expect(play.finals(uttId)).toMatchObject([
      { seq: 1, text: "I rang for the pasta timer, and nobody came.", failure: { code: "missed" } },
    ]);
    expect(play.reports(uttId)).toMatchObject([{ origin: "timer", outcome: "failed" }]);
    expect(play.state).toBe("asleep");
  });

  it("while another one rings joins it, for as long again, and counts once", () => {
    const [play, uttId] = ringing();
    play.nowMs = 30_000;
    due(play, TEA);
    due(play, TEA);

    const described = describeConversation(play.conversation, RULES);

    expect(described).toMatchObject({ uttId, timers: ["the pasta timer", "the tea timer"], dueAtMs: 90_000 });
  });

  it.each([
    ["the stop word", "asleep", (play: Play) => play.happen({ type: "stop_word_heard" })],
    [
      "a cancel of the site",
      "asleep",
      (play: Play) => play.happen({ type: "cancelled", uttId: undefined, reason: "" }),
    ],
    ["a cancel of its turn", "asleep", (play: Play) => play.happen({ type: "cancelled", uttId: "n2", reason: "" })],
    ["the wake phrase", "listening", (play: Play) => play.call(7)],
    ["the button", "listening", (play: Play) => play.listen("t1")],
    ["a typed question", "thinking", (play: Play) => play.ask("t1")],
  ])("is silenced by %s, which leads to %s", (_what, state, come) => {
    const [play, uttId] = ringing();

    come(play);

    expect(play.effects.slice(3)).toMatchObject([
      { do: "cancel", uttId },
      { do: "show", uttId, isFinal: true, seq: 1 },
      { do: "report", uttId, origin: "timer", outcome: "answered" },
      ...(state === "asleep" ? [] : [{}]),
    ]);
    expect(play.state).toBe(state);
  });

  it("is not silenced by a question that is answered in writing only, nor by an announcement, which waits", () => {
    const [play] = ringing();

    play.ask("t1", { speak: "no", localAnswer: "Yes." });
    play.announce("a1");

    expect(play.state).toBe("alarm");
    expect(doing(play.happen({ type: "stop_word_heard" }))).toEqual(["cancel", "show", "report", "report"]);
  });

  it("rings into a follow-up, whose grant ends", () => {
    const play = new Play();
    const uttId = play.call();
    play.transcribe(uttId, "a question", ANSWER);
    play.sound(uttId, 0, "speaking_start");
    play.sound(uttId, 0, "speaking_end", 1);

    due(play);

    expect([play.state, play.grant]).toEqual(["alarm", "armed"]);
  });

  it("while somebody is talked with is shown, and rings at the end of the turn, before any follow-up", () => {
    const play = new Play();
    const uttId = play.call();
    play.transcribe(uttId, "a question", ANSWER);
    play.sound(uttId, 0, "speaking_start");

    const alarm = due(play);
    const shown = [play.state, says(play).length];
    const effects = play.sound(uttId, 0, "speaking_end", 1);

    expect(shown).toEqual(["speaking", 1]);
    expect(effects.at(-1)).toMatchObject({ do: "say", uttId: alarm, kind: "alarm" });
    expect(doing(effects)).not.toContain("grant");
    expect(play.state).toBe("alarm");
  });

  it("interrupts a turn that has gone on for 20 s since", () => {
    const play = new Play();
    play.ask("t1");
    play.stream("t1", 1, { delta: "" });
    due(play);

    while (play.state !== "alarm") {
      play.stream("t1", 2, { delta: "" });
      play.reachDeadline();
    }

    expect(play.nowMs).toBe(20_000);
    expect(play.finals("t1")).toMatchObject([{ failure: { code: "timer" } }]);
  });

  it("that has not rung yet is ended by a cancel of the site", () => {
    const play = new Play();
    play.ask("t1");
    const uttId = due(play);

    play.happen({ type: "stop_word_heard" });

    expect([play.state, play.reports(uttId).length, play.finals(uttId).length]).toEqual(["asleep", 1, 1]);
  });

  it("where nothing can sound is only shown", () => {
    const play = new Play({ loudspeaker: "muted" });
    due(play);

    play.reachDeadline();
    play.reachDeadline();

    expect([play.state, says(play)]).toEqual(["alarm", []]);
  });
});
