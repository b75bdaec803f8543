import { describe, expect, it } from "vitest";
import { doing, Play } from "./conversation.fixture.ts";
import { DEFAULT_RULES as RULES } from "./rules.ts";

describe("a question for the model", () => {
  it("speaks its first sentence before the rest has come, and says `last` once", () => {
    const play = new Play();

    expect(play.ask("t1")).toEqual([{ do: "ask_model", uttId: "t1", question: "a question", history: [] }]);
    expect(doing(play.stream("t1", 1, { delta: "One fine day. And " }))).toEqual(["show", "say"]);
    play.sound("t1", 0, "speaking_start");
    expect(play.state).toBe("speaking");
    play.sound("t1", 0, "speaking_end", 1);
    expect(play.state).toBe("thinking");
    expect(play.stream("t1", 2, { delta: "then.", done: true })).toEqual([]);
    play.reply("t1", "One fine day. And then.");
    const says = play.effects.filter((effect) => effect.do === "say");
    expect(says.map(({ text, isLast }) => [text, isLast])).toEqual([
      ["One fine day.", false],
      ["And then.", true],
    ]);
    play.sound("t1", 1, "speaking_start");
    play.sound("t1", 1, "speaking_end", 1);
    expect(play.finals("t1")).toMatchObject([{ seq: 2, text: "One fine day. And then.", path: "llm" }]);
  });

  it("tells the loudspeaker that there is no more when it learns so only afterwards", () => {
    const play = new Play();
    play.ask("t1");
    play.stream("t1", 1, { delta: "One. T" });

    play.happen({
      type: "streamed",
      uttId: "t1",
      message: { seq: 2, delta: "wo. 🎉", done: true, path: "llm", worker: "llm-worker" },
    });
    play.reply("t1", "One. Two. 🎉");

    expect(play.effects.filter((effect) => effect.do === "say").map(({ text, isLast }) => [text, isLast])).toEqual([
      ["One.", false],
      ["Two.", false],
      ["", true],
    ]);
  });

  it("gives a sentence away when the model pauses behind its full stop", () => {
    const play = new Play();
    play.ask("t1");
    play.stream("t1", 1, { delta: "One fine day." });

    const effects = play.reachDeadline();

    expect(play.nowMs).toBe(RULES.writerPauseMs);
    expect(doing(effects)).toEqual(["show", "say"]);
  });

  it("is given the past of the site, and the question itself exactly once", () => {
    const play = new Play({ model: "up", loudspeaker: "down" });
    play.ask("t1", { text: "who are you", localAnswer: "I am TARS." });

    const [effect] = play.ask("t2", { text: "and what is that" });

    expect(effect).toEqual({
      do: "ask_model",
      uttId: "t2",
      question: "and what is that",
      history: [
        { role: "user", content: "who are you" },
        { role: "assistant", content: "I am TARS." },
      ],
    });
  });

  it("bridges long thinking with a filler, once", () => {
    const play = new Play();
    play.ask("t1");

    const effects = play.reachDeadline();

    expect(play.nowMs).toBe(1_500);
    expect(effects).toEqual([{ do: "say", uttId: "t1", seq: 0, text: "One moment.", kind: "filler", isLast: false }]);
    play.sound("t1", 0, "speaking_start");
    expect(play.state).toBe("thinking");
    play.sound("t1", 0, "speaking_end", 1);
    play.stream("t1", 1, { delta: "One. T" });
    expect(play.effects.filter((effect) => effect.do === "say")).toHaveLength(2);
  });

  it.each([
    ["auto", "up"],
    ["no", "up"],
    ["auto", "down"],
  ] as const)(
    "ends in an apology when the model is silent for 20 s (speak %s, loudspeaker %s)",
    (speak, loudspeaker) => {
      const play = new Play({ model: "up", loudspeaker });
      play.ask("t1", { speak });

      while (play.effects.every((effect) => !("text" in effect) || effect.text !== RULES.sentences.modelSilent))
        play.reachDeadline();
      const apology = play.effects.findLast((effect) => effect.do === "say");
      if (apology?.kind === "error") {
        play.sound("t1", apology.seq, "speaking_start");
        play.sound("t1", apology.seq, "speaking_end", 1);
      }

      expect(play.finals("t1")).toMatchObject([
        { path: "error", failure: { code: "llm_silent" }, text: RULES.sentences.modelSilent },
      ]);
      expect(play.reports("t1")).toMatchObject([{ outcome: "failed" }]);
      expect(play.effects.some((effect) => effect.do === "record")).toBe(false);
    },
  );

  it("is not silent while messages without text come, but must end after 90 s", () => {
    const play = new Play();
    play.ask("t1", { speak: "no" });

    for (let seq = 1; play.nowMs < 85_000; seq += 1) {
      play.nowMs += 5_000;
      play.happen({ type: "time_passed" });
      play.stream("t1", seq, { delta: "" });
    }
    expect(play.finals("t1")).toEqual([]);
    play.reachDeadline();

    expect(play.nowMs).toBe(90_000);
    expect(play.finals("t1")).toMatchObject([{ failure: { code: "llm_timeout" } }]);
  });

  it("ends in an apology at once when the model's worker is known to be down", () => {
    const play = new Play({ model: "down", loudspeaker: "up" });

    const effects = play.ask("t1", { speak: "no" });

    expect(effects[0]).toMatchObject({
      do: "show",
      path: "error",
      isFinal: true,
      failure: { code: "llm_unavailable" },
    });
  });

  it("waits only 3 s for a worker nobody has ever heard of", () => {
    const play = new Play({ model: "unseen", loudspeaker: "down" });
    play.ask("t1");

    play.reachDeadline();

    expect(play.nowMs).toBe(3_000);
    const text = RULES.sentences.modelMissing;
    expect(play.finals("t1")).toMatchObject([{ path: "error", text, failure: { code: "llm_unavailable" } }]);
  });

  it("ends in an apology when the worker goes away in the middle, after what came of the text", () => {
    const play = new Play({ model: "up", loudspeaker: "down" });
    play.ask("t1");
    play.stream("t1", 1, { delta: "It is " });

    play.change({ model: "down", loudspeaker: "down" }, ["model"]);

    expect(play.finals("t1")).toMatchObject([
      { text: `It is ${RULES.sentences.modelMissing}`, path: "error", failure: { code: "llm_unavailable" } },
    ]);
  });

  it("keeps the text of a stream that broke, and apologises aloud", () => {
    const play = new Play();
    play.ask("t1");
    play.stream("t1", 1, { delta: "First. Sec" });

    play.fail("t1", "llm_unreachable");

    const says = play.effects.filter((effect) => effect.do === "say");
    expect(says.map(({ text, kind, isLast }) => [text, kind, isLast])).toEqual([
      ["First.", "answer", false],
      ["Sec", "answer", false],
      [RULES.sentences.modelFailed, "error", true],
    ]);
  });

  it("apologises for an empty reply", () => {
    const play = new Play({ model: "up", loudspeaker: "down" });
    play.ask("t1");

    play.reply("t1", "  ");

    expect(play.finals("t1")).toMatchObject([{ path: "error", failure: { code: "llm_empty" } }]);
  });

  it("takes the stream for the whole when the response stays away", () => {
    const play = new Play({ model: "up", loudspeaker: "down" });
    play.ask("t1");
    play.stream("t1", 1, { delta: "All is" });
    play.stream("t1", 2, { delta: " well.", done: true });

    play.reachDeadline();

    expect(play.nowMs).toBe(RULES.responseMs);
    expect(play.finals("t1")).toMatchObject([{ text: "All is well.", path: "llm" }]);
  });

  it("says so when a part was lost and the response stays away", () => {
    const play = new Play({ model: "up", loudspeaker: "down" });
    play.ask("t1");
    play.stream("t1", 1, { delta: "All is" });
    play.stream("t1", 3, { delta: ".", done: true });

    play.reachDeadline();

    expect(play.finals("t1")).toMatchObject([{ path: "error", failure: { code: "llm_incomplete" } }]);
  });

  it("says which part of a lost stream was missing from the response, in order and once", () => {
    const play = new Play();
    play.ask("t1");
    play.stream("t1", 1, { delta: "One. " });
    play.stream("t1", 3, { delta: "Three.", done: true });

    play.reply("t1", "One. Two. Three.");

    const says = play.effects.filter((effect) => effect.do === "say");
    expect(says.map(({ text }) => text)).toEqual(["One.", "Two.", "Three."]);
  });
});
