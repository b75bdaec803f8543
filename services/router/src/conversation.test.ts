import { describe, expect, it } from "vitest";
import { describeConversation, dueAtMs, step } from "./conversation.ts";
import { type Conversation, type ConversationEvent, openConversation, type Peers } from "./conversation-state.ts";
import { DEFAULT_RULES as RULES } from "./rules.ts";
import type { SpeechNews } from "./speech.ts";
import type { Effect } from "./turn.ts";

const UP: Peers = { model: "up", loudspeaker: "up" };
type Happening = ConversationEvent extends infer Each ? (Each extends unknown ? Omit<Each, "atMs"> : never) : never;

/** One site, played through by hand: events in, effects out, on a clock that the test moves. */
class Play {
  conversation: Conversation;
  nowMs = 0;
  readonly effects: Effect[] = [];

  constructor(peers: Peers = UP) {
    this.conversation = openConversation(peers);
  }

  /** Lets something happen and returns what had to be done for it. */
  happen(happening: Happening): readonly Effect[] {
    const event = { ...happening, atMs: this.nowMs } as ConversationEvent; // the union, distributed over Omit and back
    const [next, effects] = step(this.conversation, event, RULES);
    this.conversation = next;
    this.effects.push(...effects);
    return effects;
  }

  /** Moves the clock to the next deadline and reaches it. */
  reachDeadline(): readonly Effect[] {
    const due = dueAtMs(this.conversation, RULES);
    if (due === undefined) throw new Error("Nothing is awaited.");
    this.nowMs = due;
    return this.happen({ type: "time_passed" });
  }

  ask(
    uttId: string,
    options: { text?: string; speak?: "auto" | "yes" | "no"; localAnswer?: string } = {},
  ): readonly Effect[] {
    const { text = "a question", speak = "auto", localAnswer } = options;
    return this.happen({ type: "asked", turn: { uttId, origin: "typed", text }, speak, localAnswer });
  }

  announce(uttId: string, text = "Dinner is ready."): readonly Effect[] {
    return this.happen({ type: "announced", turn: { uttId, origin: "say", text } });
  }

  stream(uttId: string, seq: number, delta: string, done = false): readonly Effect[] {
    return this.happen({ type: "streamed", uttId, message: { seq, delta, done, path: "llm" } });
  }

  reply(uttId: string, text: string): readonly Effect[] {
    const response = { kind: "reply", text, path: "llm" } as const;
    return this.happen({ type: "responded", uttId, response, isCancelled: false, firstTokenMs: undefined });
  }

  fail(uttId: string, code: string): readonly Effect[] {
    const response = { kind: "error", failure: { code, message: "it broke" } } as const;
    return this.happen({ type: "responded", uttId, response, isCancelled: false, firstTokenMs: undefined });
  }

  sound(uttId: string, seq: number, event: SpeechNews["event"], spokenRatio?: number): readonly Effect[] {
    const news = { seq, event, spokenRatio, expectedMs: 1_000, cause: "no sound card" };
    return this.happen({ type: "sounded", uttId, news, firstAudibleMs: undefined });
  }

  get state(): string {
    return this.conversation.activity.kind;
  }

  finals(uttId: string): readonly Extract<Effect, { do: "show" }>[] {
    return this.effects
      .filter((effect) => effect.do === "show")
      .filter((shown) => shown.uttId === uttId && shown.isFinal);
  }

  reports(uttId: string): readonly Extract<Effect, { do: "report" }>[] {
    return this.effects.filter((effect) => effect.do === "report").filter((report) => report.uttId === uttId);
  }
}

const doing = (effects: readonly Effect[]): readonly string[] => effects.map((effect) => effect.do);

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

describe("a question for the model", () => {
  it("speaks its first sentence before the rest has come, and says `last` once", () => {
    const play = new Play();

    expect(play.ask("t1")).toEqual([{ do: "ask_model", uttId: "t1", question: "a question", history: [] }]);
    expect(doing(play.stream("t1", 1, "One fine day. And "))).toEqual(["show", "say"]);
    play.sound("t1", 0, "speaking_start");
    expect(play.state).toBe("speaking");
    play.sound("t1", 0, "speaking_end", 1);
    expect(play.state).toBe("thinking");
    expect(play.stream("t1", 2, "then.", true)).toEqual([]);
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
    play.stream("t1", 1, "One. T");

    play.happen({ type: "streamed", uttId: "t1", message: { seq: 2, delta: "wo. 🎉", done: true, path: "llm" } });
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
    play.stream("t1", 1, "One fine day.");

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
    play.stream("t1", 1, "One. T");
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
      play.stream("t1", seq, "");
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
    expect(play.finals("t1")).toMatchObject([{ path: "error", failure: { code: "llm_silent" } }]);
  });

  it("ends in an apology when the worker goes away in the middle, after what came of the text", () => {
    const play = new Play({ model: "up", loudspeaker: "down" });
    play.ask("t1");
    play.stream("t1", 1, "It is ");

    play.happen({ type: "peer_changed", peers: { model: "down", loudspeaker: "down" }, lost: ["model"] });

    expect(play.finals("t1")).toMatchObject([
      { text: `It is ${RULES.sentences.modelMissing}`, path: "error", failure: { code: "llm_unavailable" } },
    ]);
  });

  it("keeps the text of a stream that broke, and apologises aloud", () => {
    const play = new Play();
    play.ask("t1");
    play.stream("t1", 1, "First. Sec");

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
    play.stream("t1", 1, "All is", false);
    play.stream("t1", 2, " well.", true);

    play.reachDeadline();

    expect(play.nowMs).toBe(RULES.responseMs);
    expect(play.finals("t1")).toMatchObject([{ text: "All is well.", path: "llm" }]);
  });

  it("says so when a part was lost and the response stays away", () => {
    const play = new Play({ model: "up", loudspeaker: "down" });
    play.ask("t1");
    play.stream("t1", 1, "All is", false);
    play.stream("t1", 3, ".", true);

    play.reachDeadline();

    expect(play.finals("t1")).toMatchObject([{ path: "error", failure: { code: "llm_incomplete" } }]);
  });

  it("says which part of a lost stream was missing from the response, in order and once", () => {
    const play = new Play();
    play.ask("t1");
    play.stream("t1", 1, "One. ");
    play.stream("t1", 3, "Three.", true);

    play.reply("t1", "One. Two. Three.");

    const says = play.effects.filter((effect) => effect.do === "say");
    expect(says.map(({ text }) => text)).toEqual(["One.", "Two.", "Three."]);
  });
});

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
    play.stream("t1", 1, "One. T");

    expect(doing(play.sound("t1", 0, "failed"))).toEqual(["hush"]);
    play.stream("t1", 2, "wo.", true);
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

  it("give a paused sentence more time", () => {
    const play = new Play();
    play.ask("t1", { localAnswer: "It is late." });
    play.sound("t1", 0, "speaking_start");

    play.sound("t1", 0, "paused", 0.3);

    expect(dueAtMs(play.conversation, RULES)).toBe(RULES.speechPausedMs);
  });

  it("turn the answer into writing when the worker goes away", () => {
    const play = new Play();
    play.ask("t1", { localAnswer: "It is late." });

    play.happen({ type: "peer_changed", peers: { model: "up", loudspeaker: "down" }, lost: ["loudspeaker"] });

    expect(play.finals("t1")).toMatchObject([{ text: "It is late.", failure: { code: "tts_unavailable" } }]);
    expect(play.state).toBe("asleep");
  });
});

describe("a new question", () => {
  it("cancels the running turn, which ends as superseded, and takes its place", () => {
    const play = new Play();
    play.ask("t1");
    play.stream("t1", 1, "One. T");

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
    play.stream("t1", 1, "One. T");
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
    expect(play.stream("t1", 1, "Late. T")).toEqual([]);
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

    const effects = play.happen({ type: "found", uttId: "t1", asks: ["t1", "t2"] });

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

    expect(play.happen({ type: "found", uttId: "t1", asks: ["t1"] })).toEqual([]);
  });
});
