import { describe, expect, it } from "vitest";
import { doing, Play } from "./conversation.fixture.ts";
import { interrupt, paused, speaking } from "./pause.fixture.ts";
import type { Plan } from "./plans.ts";

const ANSWER: Plan = { do: "answer", text: "It is late." };
const STOP: Plan = { do: "stop", text: "Stopped." };

function play(prepare: (play: Play) => void): Play {
  const made = new Play();
  prepare(made);
  return made;
}

function held(prepare: (play: Play) => void): Play {
  const made = speaking();
  prepare(made);
  return made;
}

/** A conversation in each state. */
const STATES: Readonly<Record<string, () => Play>> = {
  asleep: () => new Play(),
  listening: () => play((one) => one.call()),
  thinking: () => play((one) => one.ask("t1")),
  speaking: () => speaking(),
  "paused, and not silent yet": () => held(interrupt),
  paused: () => held(paused),
  followup: () =>
    play((one) => {
      const uttId = one.call();
      one.transcribe(uttId, "a question", ANSWER);
      one.sound(uttId, 0, "speaking_start");
      one.sound(uttId, 0, "speaking_end", 1);
    }),
};

const stopWord = (one: Play): readonly string[] => doing(one.happen({ type: "stop_word_heard" }));

describe("the stop word", () => {
  it.each(["thinking", "speaking", "paused, and not silent yet"])("ends what is %s", (state) => {
    const one = STATES[state]?.() ?? new Play();

    const effects = stopWord(one);

    expect(effects).toEqual(["cancel", "show"]);
    expect(one.conversation).toMatchObject({ activity: { kind: "asleep" }, reason: "stop" });
  });

  it.each(["listening", "paused", "followup"])("is left to the transcript while that is %s", (state) => {
    const one = STATES[state]?.() ?? new Play();

    expect(stopWord(one)).toEqual([]);

    expect(one.grant).toBe("open");
  });

  it("ends what runs beside the conversation and what waits too, also while that is asleep", () => {
    const [asleep, busy] = [new Play(), speaking()];
    for (const one of [asleep, busy]) one.ask("t2", { speak: "no" });
    busy.announce("a1");

    const effects = [stopWord(asleep), stopWord(busy)];

    expect(effects).toEqual([
      ["cancel", "show"],
      ["cancel", "show", "cancel", "show", "report"],
    ]);
    expect([busy.finals("t1").length, busy.finals("t2").length, busy.reports("a1").length]).toEqual([1, 1, 1]);
  });

  it("where nothing runs changes nothing", () => {
    const one = new Play();

    expect(stopWord(one)).toEqual([]);

    expect(one.conversation.reason).toBe("started");
  });
});

describe("a typed word of the stop class", () => {
  it.each(Object.keys(STATES).flatMap((state) => [[state, "auto"] as const, [state, "no"] as const]))(
    "ends what is %s (speak %s)",
    (state, speak) => {
      const one = STATES[state]?.() ?? new Play();

      one.wish("t9", STOP, { speak });

      expect([one.state, one.grant ?? "armed"]).toEqual(["asleep", "armed"]);
      expect(one.finals("t9")).toMatchObject([{ text: "Stopped." }]);
      expect(one.effects.filter((effect) => effect.do === "say" && effect.uttId === "t9")).toEqual([]);
    },
  );
});

describe("a wake phrase that another room heard better", () => {
  it("lets our speech go on that was paused for it, and changes nothing else", () => {
    const [speaks, reflex, talked, asleep] = [speaking(), speaking(), speaking(), new Play()];
    reflex.sound("t1", 0, "paused", 0.5);
    paused(talked);

    const effects = [speaks, reflex, talked, asleep].map((one) => doing(one.happen({ type: "called_elsewhere" })));

    expect(effects).toEqual([["resume"], ["grant", "resume"], [], []]);
    expect([speaks.state, reflex.state, talked.state]).toEqual(["speaking", "speaking", "paused"]);
  });
});
