import fc from "fast-check";
import { expect, test } from "vitest";
import { Play } from "./conversation.fixture.ts";
import { dueAtMs } from "./conversation.ts";
import { activeRunOf } from "./conversation-state.ts";
import { openWindowOf } from "./grants.ts";
import type { Plan } from "./plans.ts";
import { DEFAULT_RULES as RULES } from "./rules.ts";

const plans = fc.constantFrom<Plan>(
  { do: "ask_model", hint: undefined },
  { do: "answer", text: "It is late." },
  { do: "answer", text: "Shall I?", expects: "yes_no" },
  { do: "stop", text: "Stopped." },
  { do: "live", on: true, text: "On." },
  { do: "live", on: false, text: "Off." },
  { do: "repeat", otherwise: "Nothing." },
  { do: "volume", order: { kind: "mute" }, text: "Muted." },
  { do: "timer", order: { kind: "set", durationMs: 5_000, name: undefined, reminder: undefined } },
  { do: "timer", order: { kind: "cancel_all" } },
);
const turnId = fc.nat(9).map((number) => `t${number}`);
const drawn = fc.oneof(
  fc.record({
    type: fc.constant("ask" as const),
    turnId,
    speak: fc.constantFrom("auto" as const, "yes" as const, "no" as const),
    isLocal: fc.boolean(),
  }),
  fc.record({ type: fc.constant("announce" as const), number: fc.nat(9) }),
  fc.record({ type: fc.constant("call" as const), fromSample: fc.nat(100_000) }),
  fc.record({
    type: fc.constant("say" as const),
    text: fc.constantFrom("a question", ""),
    plan: plans,
    levelDb: fc.constantFrom(undefined, -20, -25, -50),
  }),
  fc.record({
    type: fc.constant("mumble" as const),
    code: fc.constantFrom("unclear", "noise", "superseded", "engine_failed"),
  }),
  fc.record({ type: fc.constant("interrupt" as const), fromSample: fc.nat(100_000) }),
  fc.record({ type: fc.constant("timer" as const), id: fc.constantFrom("1", "2") }),
  // What sounds now, or did a moment ago, of whatever turn is spoken.
  fc.record({
    type: fc.constant("speak" as const),
    event: fc.constantFrom(...(["speaking_start", "speaking_end", "paused", "resumed"] as const)),
    ratio: fc.constantFrom(0, 0.5, 1),
  }),
  fc.record({
    type: fc.constant("stream" as const),
    turnId,
    seq: fc.integer({ min: 1, max: 4 }),
    delta: fc.constantFrom("One. ", "Two", "", ". T", "🎉"),
    isDone: fc.boolean(),
  }),
  fc.record({ type: fc.constantFrom("reply" as const, "fail" as const, "cancel" as const), turnId }),
  fc.record({
    type: fc.constant("sound" as const),
    turnId,
    seq: fc.nat(3),
    event: fc.constantFrom(
      "queued" as const,
      "speaking_start" as const,
      "speaking_end" as const,
      "paused" as const,
      "resumed" as const,
      "failed" as const,
    ),
  }),
  fc.record({
    type: fc.constant("peers" as const),
    model: fc.constantFrom("up" as const, "down" as const),
    loudspeaker: fc.constantFrom("up" as const, "muted" as const, "down" as const),
  }),
  fc.record({
    type: fc.constant("listen" as const),
    speak: fc.constantFrom("auto" as const, "yes" as const, "no" as const),
  }),
  fc.record({
    type: fc.constant("transcribe" as const),
    age: fc.nat(1),
    text: fc.constantFrom("a question", ""),
    plan: plans,
  }),
  fc.record({
    type: fc.constant("refuse" as const),
    age: fc.nat(1),
    code: fc.constantFrom("unclear", "noise", "privacy", "engine_failed", "too_short"),
  }),
  fc.record({
    type: fc.constant("ears" as const),
    ears: fc.constantFrom("up" as const, "down" as const, "unseen" as const),
    activity: fc.constantFrom("idle" as const, "speech" as const, "transcribing" as const),
    isPrivate: fc.constantFrom(true, false, undefined),
    isLost: fc.boolean(),
  }),
  fc.record({
    type: fc.constantFrom(
      ...(["cancel_all", "deadline", "release", "drop", "reconnect", "wait", "stop_word"] as const),
    ),
  }),
);
type Drawn = typeof drawn extends fc.Arbitrary<infer One> ? One : never;

function perform(play: Play, one: Drawn): void {
  switch (one.type) {
    case "ask":
      return void play.ask(one.turnId, { speak: one.speak, ...(one.isLocal && { localAnswer: "Yes. Of course." }) });
    case "announce":
      return void play.announce(`a${one.number}`);
    case "stream":
      return void play.stream(one.turnId, one.seq, { delta: one.delta, done: one.isDone });
    case "reply":
      return void play.reply(one.turnId, "One. Two. Three.");
    case "fail":
      return void play.fail(one.turnId, "llm_failed");
    case "sound":
      return void play.sound(one.turnId, one.seq, one.event);
    case "peers": {
      const lost = [
        ...(one.model === "down" ? (["model"] as const) : []),
        ...(one.loudspeaker === "down" ? (["loudspeaker"] as const) : []),
      ];
      return void play.change({ model: one.model, loudspeaker: one.loudspeaker }, lost);
    }
    case "call":
      return void play.call(one.fromSample);
    case "say": {
      const { text, plan, levelDb } = one;
      return void play.transcribe(play.listenedTo, text, plan, levelDb === undefined ? {} : { levelDb });
    }
    case "mumble":
      return void play.refuse(play.listenedTo, one.code);
    case "speak":
      return void speak(play, one);
    case "timer":
      return void setTimer(play, one.id);
    case "stop_word":
      return void play.happen({ type: "stop_word_heard" });
    case "interrupt":
      return void play.happen({ type: "interrupted", captureId: undefined, fromSample: one.fromSample });
    case "listen":
      return void play.listen(`l${play.listenedCount}`, one.speak);
    case "transcribe":
      return void play.transcribe(`l${play.listenedCount - 1 - one.age}`, one.text, one.plan);
    case "refuse":
      return void play.refuse(`l${play.listenedCount - 1 - one.age}`, one.code);
    case "ears": {
      const { ears, activity, isPrivate, isLost } = one;
      return void play.change({ ears, hearing: { activity, isPrivate } }, isLost ? ["ears"] : []);
    }
    case "release":
      return void play.happen({ type: "listen_stopped", toSample: undefined });
    case "drop":
      return void play.happen({ type: "listen_dropped" });
    case "reconnect":
      return void play.happen({ type: "reconnected" });
    case "wait":
      play.nowMs += 900;
      return void play.happen({ type: "time_passed" });
    case "cancel":
      return void play.happen({ type: "cancelled", uttId: one.turnId, reason: "test" });
    case "cancel_all":
      return void play.happen({ type: "cancelled", uttId: undefined, reason: "test" });
    case "deadline":
      if (dueAtMs(play.conversation, RULES) !== undefined) play.reachDeadline();
  }
}

/** Of the sentence that was sent first of all that are not over. */
function speak(play: Play, { event, ratio }: Drawn & { readonly type: "speak" }): void {
  const speech = activeRunOf(play.conversation)?.speech;
  const sentence = speech?.kind === "aloud" ? speech.sentences.find(({ phase }) => phase.kind !== "over") : undefined;
  const uttId = activeRunOf(play.conversation)?.turn.uttId;
  if (sentence !== undefined && uttId !== undefined) play.sound(uttId, sentence.seq, event, ratio);
}

/** Lets time alone end what is still running; each deadline must lead on. */
function runOut(play: Play): void {
  for (let count = 0; dueAtMs(play.conversation, RULES) !== undefined; count += 1) {
    expect(count).toBeLessThan(2_000);
    play.reachDeadline();
  }
}

/** All of it, 7 ms apart, and then time until nothing is awaited any more. */
function playOut(happenings: readonly Drawn[], look: (play: Play) => void = () => undefined): Play {
  const play = new Play();
  for (const one of happenings) {
    play.nowMs += 7;
    perform(play, one);
    look(play);
  }
  runOut(play);
  return play;
}

/** Every turn that somebody waits for. */
function awaited(happenings: readonly Drawn[], play: Play): readonly string[] {
  const asked = happenings.flatMap((one) => (one.type === "ask" ? [one.turnId] : []));
  const listened = Array.from({ length: play.listenedCount }, (_, index) => `l${index}`);
  return [...new Set(asked), ...listened];
}

test("whatever happens, every question ends in exactly one final answer and one report, and nothing is said after it", () => {
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 50 }), (happenings) => {
      const play = playOut(happenings);

      expect(play.state).toBe("asleep");
      for (const uttId of awaited(happenings, play)) {
        const mine = play.effects.filter((effect) => effect.uttId === uttId);
        const shows = mine.filter((effect) => effect.do === "show");
        expect(shows.map(({ seq }) => seq)).toEqual(shows.map((_, index) => index));
        expect(shows.map(({ isFinal }) => isFinal)).toEqual(shows.map((_, index) => index === shows.length - 1));
        expect(play.reports(uttId)).toHaveLength(1);
        expect(
          mine.slice(mine.findIndex((effect) => effect.do === "show" && effect.isFinal)).map((effect) => effect.do),
        ).not.toContain("say");
      }
    }),
    { numRuns: 1_000 },
  );
});

test("whatever happens, the microphone is granted to the turn that listens and to no other, and never after it", () => {
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 50 }), (happenings) => {
      const play = playOut(happenings, ({ conversation, effects }) => {
        const { activity } = conversation;
        const last = effects.findLast((effect) => effect.do === "grant");
        const window = openWindowOf(conversation);
        expect(last?.grant === "open").toBe(window !== undefined);
        if (window !== undefined) expect(last?.uttId).toBe(window.uttId);
        if (activity.kind === "listening") expect(last?.uttId).toBe(activity.listening.uttId);
      });

      expect(play.grant).not.toBe("open");
    }),
    { numRuns: 1_000 },
  );
});

test("whatever happens, listening lasts 20 s at most, and 12 s behind the release of the button", () => {
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 30 }), (happenings) => {
      playOut(happenings, ({ conversation, nowMs }) => {
        const { activity } = conversation;
        const due = dueAtMs(conversation, RULES) ?? 0;
        if (activity.kind !== "listening") return;
        const { button, openedAtMs } = activity.listening;
        expect(due).toBeLessThanOrEqual(button.kind === "open" ? openedAtMs + 20_000 : button.atMs + 12_000);
        expect(nowMs).toBeLessThan(openedAtMs + 32_900);
      });
    }),
    { numRuns: 500 },
  );
});

test("whatever happens, the sentences of a turn are numbered without a gap, and only the last says that it is", () => {
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 50 }), (happenings) => {
      const play = playOut(happenings);

      const says = Map.groupBy(
        play.effects.filter((effect) => effect.do === "say"),
        ({ uttId }) => uttId,
      );
      for (const sentences of says.values()) {
        expect(sentences.map(({ seq }) => seq)).toEqual(sentences.map((_, index) => index));
        expect(sentences.slice(0, -1).some(({ isLast }) => isLast)).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});
