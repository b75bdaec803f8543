import { describe, expect, it } from "vitest";
import { doing, Play, UP } from "./conversation.fixture.ts";
import { describeConversation } from "./description.ts";
import { DEFAULT_RULES as RULES } from "./rules.ts";

describe("a question with a local answer", () => {
  it("is spoken, and answered for good when the speech is over", () => {
    const play = new Play();

    const first = play.ask("t1", { localAnswer: "It is 2:05 PM." });

    expect(first).toEqual([
      { do: "show", uttId: "t1", seq: 0, text: "It is 2:05 PM.", path: "intent", isFinal: false },
      { do: "say", uttId: "t1", seq: 0, text: "It is 2:05 PM.", kind: "answer", isLast: true },
    ]);
    expect(play.state).toBe("thinking");
    play.sound("t1", 0, "speaking_start");
    expect(play.state).toBe("speaking");
    expect(doing(play.sound("t1", 0, "speaking_end", 1))).toEqual(["show", "record", "report"]);
    expect(play.state).toBe("asleep");
    expect(play.finals("t1")).toEqual([
      { do: "show", uttId: "t1", seq: 1, text: "It is 2:05 PM.", path: "intent", isFinal: true },
    ]);
    expect(play.effects.find((effect) => effect.do === "record")).toMatchObject({
      heard: "It is 2:05 PM.",
      isInterrupted: false,
    });
  });

  it.each([
    ["speak is no", UP, "no"],
    ["there is no loudspeaker", { model: "up", loudspeaker: "down" }, "auto"],
    ["the loudspeaker is muted", { model: "up", loudspeaker: "muted" }, "auto"],
    ["no loudspeaker was ever heard of", { model: "up", loudspeaker: "unseen" }, "auto"],
  ] as const)("is only written when %s", (_when, peers, speak) => {
    const play = new Play(peers);

    const effects = play.ask("t1", { speak, localAnswer: "It is late." });

    expect(effects[0]).toEqual({ do: "show", uttId: "t1", seq: 0, text: "It is late.", path: "intent", isFinal: true });
    expect(doing(effects)).toEqual(["show", "record", "report"]);
    expect(play.state).toBe("asleep");
  });

  it("is written with the cause when it was to be spoken and cannot be", () => {
    const play = new Play({ model: "up", loudspeaker: "down" });

    play.ask("t1", { speak: "yes", localAnswer: "It is late." });

    expect(play.finals("t1")).toMatchObject([
      { text: "It is late.", path: "intent", failure: { code: "tts_unavailable" } },
    ]);
  });

  it("is answered once when it comes twice", () => {
    const play = new Play();

    play.ask("t1", { speak: "no", localAnswer: "It is late." });

    expect(play.ask("t1", { speak: "no", localAnswer: "It is late." })).toEqual([]);
    expect(play.finals("t1")).toHaveLength(1);
  });
});

describe("a new question", () => {
  it("cancels the running turn, which ends as superseded, and takes its place", () => {
    const play = new Play();
    play.ask("t1");
    play.stream("t1", 1, { delta: "One. T" });

    const effects = play.ask("t2");

    expect(effects).toMatchObject([
      { do: "cancel", uttId: "t1", reason: "superseded" },
      { do: "show", uttId: "t1", path: "cancelled", isFinal: true, failure: { code: "superseded" } },
      { do: "ask_model", uttId: "t2" },
    ]);
    expect(describeConversation(play.conversation, RULES)).toMatchObject({
      state: "thinking",
      uttId: "t2",
      asks: ["t2"],
    });
  });

  it("remembers of the cancelled turn what was heard of it, as soon as that is known", () => {
    const play = new Play();
    play.ask("t1", { localAnswer: "One two three four five six seven eight nine ten." });
    play.sound("t1", 0, "speaking_start");
    play.nowMs = 500;
    play.ask("t2");
    expect(play.conversation.history).toMatchObject([
      { uttId: "t1", heard: "One two three four five", interrupted: true },
    ]);

    play.sound("t1", 0, "speaking_end", 0.2);
    play.happen({ type: "acknowledged", uttId: "t1", service: "tts-worker" });

    expect(play.effects.find((effect) => effect.do === "record")).toMatchObject({
      uttId: "t1",
      heard: "One two",
      isInterrupted: true,
    });
    expect(play.conversation.history).toMatchObject([{ uttId: "t1", heard: "One two" }]);
  });

  it("names the workers that did not acknowledge the cancel within 500 ms", () => {
    const play = new Play();
    play.ask("t1");
    play.stream("t1", 1, { delta: "One. T" });
    play.ask("t2", { localAnswer: "Yes." });
    play.happen({ type: "acknowledged", uttId: "t1", service: "tts-worker" });
    expect(play.reports("t1")).toEqual([]);

    play.reachDeadline();

    expect(play.nowMs).toBe(500);
    expect(play.reports("t1")).toMatchObject([{ outcome: "cancelled", missing: ["llm-worker"] }]);
  });

  it("does not disturb the conversation when it wants no speech", () => {
    const play = new Play();
    play.ask("t1");

    play.ask("t2", { speak: "no" });
    play.reply("t2", "Fine.");

    expect(play.finals("t2")).toMatchObject([{ text: "Fine.", path: "llm" }]);
    expect(describeConversation(play.conversation, RULES)).toMatchObject({
      state: "thinking",
      uttId: "t1",
      asks: ["t1"],
    });
  });

  it("is refused in words when sixteen run beside the conversation already", () => {
    const play = new Play();
    for (let index = 0; index < 16; index += 1) play.ask(`t${index}`, { speak: "no" });

    play.ask("late", { speak: "no" });
    play.ask("local", { speak: "no", localAnswer: "Noon." });

    expect(play.finals("late")).toMatchObject([
      { text: RULES.sentences.tooMany, path: "error", failure: { code: "too_many" } },
    ]);
    expect(play.finals("local")).toMatchObject([{ text: "Noon.", path: "intent" }]);
    expect(play.effects.filter((effect) => effect.do === "ask_model")).toHaveLength(16);
  });

  it("without a word is answered in words", () => {
    const play = new Play();

    play.ask("t1", { text: "  ", speak: "no" });

    expect(play.finals("t1")).toMatchObject([{ path: "error", failure: { code: "nothing_asked" } }]);
  });
});

describe("a cancel", () => {
  it("by id ends that turn without telling the workers again", () => {
    const play = new Play();
    play.ask("t1");
    play.ask("t2", { speak: "no" });

    const effects = play.happen({ type: "cancelled", uttId: "t2", reason: "changed my mind" });

    expect(doing(effects)).toEqual(["show"]);
    expect(play.finals("t2")).toMatchObject([
      { path: "cancelled", failure: { code: "cancelled", message: "changed my mind" } },
    ]);
    expect(play.state).toBe("thinking");
  });

  it("of the site ends everything and tells the workers", () => {
    const play = new Play();
    play.ask("t1");
    play.ask("t2", { speak: "no" });
    play.announce("t3");

    const effects = play.happen({ type: "cancelled", uttId: undefined, reason: "stop" });

    expect(effects.filter((effect) => effect.do === "cancel").map(({ uttId }) => uttId)).toEqual(["t1", "t2"]);
    expect([play.finals("t1").length, play.finals("t2").length, play.finals("t3").length]).toEqual([1, 1, 0]);
    expect(play.reports("t3")).toMatchObject([{ outcome: "cancelled" }]);
    expect(play.state).toBe("asleep");
  });

  it("of a turn that is over changes nothing", () => {
    const play = new Play();
    play.ask("t1", { speak: "no", localAnswer: "Yes." });

    expect(play.happen({ type: "cancelled", uttId: "t1", reason: "late" })).toEqual([]);
    expect(play.stream("t1", 1, { delta: "Late. T" })).toEqual([]);
    expect(play.reply("t1", "Late.")).toEqual([]);
    expect(play.finals("t1")).toHaveLength(1);
  });

  it("at the worker, by somebody else, ends the turn here too", () => {
    const play = new Play({ model: "up", loudspeaker: "down" });
    play.ask("t1");
    const response = { kind: "reply", text: "So f", path: "llm" } as const;

    play.happen({ type: "responded", uttId: "t1", response, isCancelled: true, firstTokenMs: undefined });

    expect(play.finals("t1")).toMatchObject([{ path: "cancelled" }]);
  });
});

describe("an announcement", () => {
  it("is spoken at once when nobody speaks, and has no answer", () => {
    const play = new Play();

    expect(play.announce("t1")).toEqual([
      { do: "say", uttId: "t1", seq: 0, text: "Dinner is ready.", kind: "announce", isLast: true },
    ]);
    expect(play.state).toBe("speaking");
    play.sound("t1", 0, "speaking_start");
    expect(doing(play.sound("t1", 0, "speaking_end", 1))).toEqual(["report"]);
    expect(play.reports("t1")).toMatchObject([{ origin: "say", outcome: "answered" }]);
  });

  it("waits for the end of the running turn", () => {
    const play = new Play();
    play.ask("t1", { localAnswer: "Yes." });

    expect(play.announce("t2")).toEqual([]);
    play.sound("t1", 0, "speaking_start");

    expect(doing(play.sound("t1", 0, "speaking_end", 1))).toEqual(["show", "record", "report", "say"]);
  });

  it("is shown with the cause when it cannot be spoken", () => {
    const play = new Play({ model: "up", loudspeaker: "down" });

    play.announce("t1");

    expect(play.finals("t1")).toMatchObject([
      { text: "Dinner is ready.", path: "error", failure: { code: "tts_unavailable" } },
    ]);
    expect(play.reports("t1")).toMatchObject([{ outcome: "failed" }]);
  });

  it("is refused in words when sixteen wait already", () => {
    const play = new Play();
    play.ask("t1");
    for (let index = 0; index < 16; index += 1) play.announce(`w${index}`);

    play.announce("late");

    expect(play.finals("late")).toMatchObject([{ failure: { code: "too_many" } }]);
  });
});

describe("turns of a former life", () => {
  it("are cancelled, answered if asked, and reported", () => {
    const play = new Play();

    const effects = play.happen({ type: "found", uttId: "t1", isOver: false, asks: ["t1", "t2"], isGranted: false });

    expect(effects.filter((effect) => effect.do === "cancel").map(({ uttId }) => uttId)).toEqual(["t1", "t2"]);
    expect(play.finals("t1")).toMatchObject([
      { text: "I was restarted. Please ask again.", failure: { code: "router_restart" } },
    ]);
    expect(play.reports("t2")).toMatchObject([{ outcome: "router_restart" }]);
    expect(play.ask("t1", { localAnswer: "Yes." })).toEqual([]);
  });

  it("are left alone when they have begun anew", () => {
    const play = new Play();
    play.ask("t1");

    expect(play.happen({ type: "found", uttId: "t1", isOver: false, asks: ["t1"], isGranted: false })).toEqual([]);
  });
});
