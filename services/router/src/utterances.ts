/** What becomes of an utterance of the turn that the microphone is granted to. Pure. */
import type { Conversation, EventOf, SpeechTiming, Step } from "./conversation-state.ts";
import { chain } from "./endings.ts";
import { notUnderstood, understood } from "./exchange.ts";
import { apologise, notHeard, showApology } from "./hearing.ts";
import type { Listening } from "./listening.ts";
import type { Context } from "./run.ts";
import type { Failure } from "./turn.ts";
import { mark, type TurnClock, unmark } from "./turn-clock.ts";
import { closeGrant } from "./window.ts";
import { fulfil } from "./wishes.ts";

/** Refusals after which the same turn cannot be heard any more; after others the person may say it again. */
const FINAL_REFUSALS: ReadonlySet<string> = new Set([
  ...["privacy", "busy", "no_microphone", "engine_missing", "engine_timeout", "engine_failed"],
]);
const NO_WORDS: Failure = { code: "unclear", message: "The transcript holds no words." };

/** The words of the turn that is listened to; a transcript without words was not understood. */
export function transcribed(conversation: Conversation, event: EventOf<"transcribed">, context: Context): Step {
  const { words, plan, timing } = event;
  const listening = listeningTo(conversation, words.uttId);
  if (listening === undefined) return [conversation, []];
  const clock = mark(timed(listening.clock, timing, context), "transcribed", {
    atMs: context.atMs,
    tookMs: timing.transcribeMs,
  });
  if (words.text.trim() === "") return unclear(withClock(conversation, clock), NO_WORDS, context);
  const exchange = understood(conversation.exchange);
  const heard: Conversation = { ...conversation, exchange, activity: { kind: "asleep" } };
  const { origin, speak } = listening;
  return chain([heard, [closeGrant(words.uttId)]], (next) =>
    fulfil(next, { turn: { ...words, origin }, plan, speak, clock }, context),
  );
}

/** Something was heard that is no usable utterance. */
export function refused(conversation: Conversation, event: EventOf<"refused">, context: Context): Step {
  const { uttId, failure, timing } = event;
  const listening = listeningTo(conversation, uttId);
  if (listening === undefined) return [conversation, []];
  const told = withClock(conversation, timed(listening.clock, timing, context));
  if (failure.code === "unclear") return unclear(told, failure, context);
  if (FINAL_REFUSALS.has(failure.code)) return apologise(told, failure, context);
  if (listening.button.kind === "released") return notHeard(told, context);
  return [withClock(conversation, unmark(listening.clock, ["speech_heard", "endpointed"])), []];
}

/** What was not understood is said once; then the person tries again in silence, and only a released button shows it. */
function unclear(conversation: Conversation, failure: Failure, context: Context): Step {
  const { activity, exchange } = conversation;
  if (activity.kind !== "listening") return [conversation, []];
  const said: Conversation = { ...conversation, exchange: notUnderstood(exchange) };
  if (!exchange.isUnclearSaid) return apologise(said, failure, context);
  if (activity.listening.button.kind === "released") return showApology(said, failure, context);
  return [withClock(conversation, unmark(activity.listening.clock, ["speech_heard", "endpointed", "transcribed"])), []];
}

function listeningTo({ activity }: Conversation, uttId: string): Listening | undefined {
  return activity.kind === "listening" && activity.listening.uttId === uttId ? activity.listening : undefined;
}

function withClock(conversation: Conversation, clock: TurnClock): Conversation {
  const { activity } = conversation;
  if (activity.kind !== "listening") return conversation;
  return { ...conversation, activity: { kind: "listening", listening: { ...activity.listening, clock } } };
}

/** Who has not been told of the decision that speech was over knows how long ago it was. */
function timed(clock: TurnClock, { endpointMs, transcribeMs = 0 }: SpeechTiming, { atMs }: Context): TurnClock {
  if (endpointMs === undefined) return clock;
  return mark(clock, "endpointed", { atMs: Math.max(clock.begunAtMs, atMs - transcribeMs), tookMs: endpointMs });
}
