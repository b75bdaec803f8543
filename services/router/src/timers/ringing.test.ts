import { describe, expect, it } from "vitest";
import { doing, Play } from "../conversation.fixture.ts";
import type { TimerOrder } from "./timers.ts";

const setFor = (durationMs: number, name?: string): TimerOrder => ({
  ...{ kind: "set", durationMs, name, reminder: undefined },
});
const order = (play: Play, uttId: string, timers: TimerOrder) =>
  play.wish(uttId, { do: "timer", order: timers }, { speak: "no" });

describe("timers of a conversation", () => {
  it("are kept when they are set, before the answer", () => {
    const play = new Play();

    const effects = order(play, "t1", setFor(5_000, "egg"));

    expect(effects).toMatchObject([
      { do: "keep_timers", timers: [{ id: "t1", name: "egg", dueAtMs: 5_000 }] },
      { do: "show", text: "Egg timer set for 5 seconds.", path: "intent", isFinal: true },
      { do: "record", heard: "Egg timer set for 5 seconds." },
      { do: "report" },
    ]);
  });

  it("that are only asked about are not written again", () => {
    const play = new Play();
    order(play, "t1", setFor(5_000));

    expect(doing(order(play, "t2", { kind: "list" }))).toEqual(["show", "record", "report"]);
  });

  it("are the conversation's next deadline, ring once, and all that are due together", () => {
    const play = new Play();
    order(play, "t1", setFor(5_000, "egg"));
    order(play, "t2", setFor(5_000, "tea"));
    order(play, "t3", setFor(60_000, "bread"));

    const effects = play.reachDeadline();

    expect(play.nowMs).toBe(5_000);
    expect(effects).toMatchObject([
      { do: "keep_timers", timers: [{ name: "bread" }] },
      { do: "show", text: "Time is up: the egg timer, the tea timer." },
      { do: "say", kind: "alarm", text: "Time is up: the egg timer, the tea timer." },
    ]);
    expect(play.state).toBe("alarm");
    expect(play.happen({ type: "time_passed" })).toEqual([]);
  });

  it("that are due in the moment in which a turn ends open no microphone in between", () => {
    const play = new Play();
    play.listen("t1");
    play.transcribe("t1", "why is the sky blue");
    play.stream("t1", 1, { delta: "One. " });
    play.reachDeadline();
    play.sound("t1", 0, "speaking_start");
    play.sound("t1", 0, "speaking_end", 1);
    play.reply("t1", "One.");
    order(play, "t2", setFor(3_000, "egg"));

    const effects = play.reachDeadline();

    expect(effects.filter((effect) => effect.do === "say")).toMatchObject([{ kind: "alarm" }]);
    expect(doing(effects)).toContain("report");
    expect(doing(effects)).not.toContain("grant");
  });

  it("of a turn that comes twice are set once", () => {
    const play = new Play();
    order(play, "t1", setFor(5_000));

    expect(order(play, "t1", setFor(5_000))).toEqual([]);
    expect(play.conversation.timers).toHaveLength(1);
  });

  it("of a former life go on, and what was due long ago is told", () => {
    const play = new Play();
    play.nowMs = 1_000;
    const timer = { reminder: undefined, durationMs: 60_000 };

    const effects = play.happen({
      type: "timers_found",
      timers: [
        { ...timer, id: "old1", name: "egg", dueAtMs: -119_000 },
        { ...timer, id: "old2", name: "tea", dueAtMs: 9_000 },
      ],
    });

    expect(effects).toMatchObject([
      { do: "keep_timers", timers: [{ id: "old2" }] },
      { do: "say", kind: "announce", text: "Your egg timer ended 2 minutes ago, while I was off." },
    ]);
    play.happen({ type: "timers_found", timers: play.conversation.timers });
    expect(play.conversation.timers).toHaveLength(1);
  });
});
