/** Random happenings for a conversation, and how they are let happen. */
import fc from "fast-check";
import type { Play } from "./conversation.fixture.ts";
import { dueAtMs } from "./conversation.ts";
import { activeRunOf } from "./conversation-state.ts";
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
/** Whatever can happen to a conversation, in any order. */
export const drawn = fc.oneof(
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
  fc.record({ type: fc.constantFrom("conclude" as const, "called_elsewhere" as const) }),
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
export type Drawn = typeof drawn extends fc.Arbitrary<infer One> ? One : never;

/** Lets it happen. */
export function perform(play: Play, one: Drawn): void {
  switch (one.type) {
    case "ask":
      return void play.ask(one.turnId, { speak: one.speak, ...(one.isLocal && { localAnswer: "Yes. Of course." }) });
    case "announce":
      return void play.announce(`a${one.number}`);
    case "timer":
      return void play.findTimer(one.id, play.nowMs + 3);
    case "cancel":
      return void play.happen({ type: "cancelled", uttId: one.turnId, reason: "test" });
    case "cancel_all":
      return void play.happen({ type: "cancelled", uttId: undefined, reason: "test" });
    case "reconnect":
      return void play.happen({ type: "reconnected" });
    case "wait":
      play.nowMs += 900;
      return void play.happen({ type: "time_passed" });
    case "deadline":
      if (dueAtMs(play.conversation, RULES) !== undefined) play.reachDeadline();
      return;
    default:
      if (isOfWorkers(one)) work(play, one);
      else talk(play, one);
  }
}

type OfWorkers = Drawn & {
  readonly type: "stream" | "reply" | "fail" | "conclude" | "sound" | "speak" | "peers" | "ears";
};
const OF_WORKERS: ReadonlySet<Drawn["type"]> = new Set<OfWorkers["type"]>([
  ...(["stream", "reply", "fail", "conclude", "sound", "speak", "peers", "ears"] as const),
]);

function isOfWorkers(one: Drawn): one is OfWorkers {
  return OF_WORKERS.has(one.type);
}

function work(play: Play, one: OfWorkers): void {
  switch (one.type) {
    case "stream":
      return void play.stream(one.turnId, one.seq, { delta: one.delta, done: one.isDone });
    case "reply":
      return void play.reply(one.turnId, "One. Two. Three.");
    case "fail":
      return void play.fail(one.turnId, "llm_failed");
    case "conclude":
      return void play.reply(activeRunOf(play.conversation)?.turn.uttId ?? "nobody", "One. Two.");
    case "sound":
      return void play.sound(one.turnId, one.seq, one.event);
    case "speak":
      return void speak(play, one);
    case "peers": {
      const lost = [
        ...(one.model === "down" ? (["model"] as const) : []),
        ...(one.loudspeaker === "down" ? (["loudspeaker"] as const) : []),
      ];
      return void play.change({ model: one.model, loudspeaker: one.loudspeaker }, lost);
    }
    case "ears": {
      const { ears, activity, isPrivate, isLost } = one;
      return void play.change({ ears, hearing: { activity, isPrivate } }, isLost ? ["ears"] : []);
    }
  }
}

/** What is said at the site, and by its button. */
function talk(play: Play, one: Drawn): void {
  switch (one.type) {
    case "call":
      return void play.call(one.fromSample);
    case "called_elsewhere":
      return void play.happen({ type: "called_elsewhere" });
    case "interrupt":
      return void play.happen({ type: "interrupted", captureId: undefined, fromSample: one.fromSample });
    case "stop_word":
      return void play.happen({ type: "stop_word_heard" });
    case "say": {
      const { text, plan, levelDb } = one;
      return void play.transcribe(play.listenedTo, text, plan, levelDb === undefined ? {} : { levelDb });
    }
    case "mumble":
      return void play.refuse(play.listenedTo, one.code);
    case "listen":
      return void play.listen(`l${play.listenedCount}`, one.speak);
    case "transcribe":
      return void play.transcribe(`l${play.listenedCount - 1 - one.age}`, one.text, one.plan);
    case "refuse":
      return void play.refuse(`l${play.listenedCount - 1 - one.age}`, one.code);
    case "release":
      return void play.happen({ type: "listen_stopped", toSample: undefined });
    case "drop":
      return void play.happen({ type: "listen_dropped" });
  }
}

/** Of the sentence that was sent first of all that are not over. */
function speak(play: Play, { event, ratio }: Drawn & { readonly type: "speak" }): void {
  const speech = activeRunOf(play.conversation)?.speech;
  const sentence = speech?.kind === "aloud" ? speech.sentences.find(({ phase }) => phase.kind !== "over") : undefined;
  const uttId = activeRunOf(play.conversation)?.turn.uttId;
  if (sentence !== undefined && uttId !== undefined) play.sound(uttId, sentence.seq, event, ratio);
}
