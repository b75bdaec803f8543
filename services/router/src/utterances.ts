/** What becomes of an utterance of the turn that the microphone is granted to. Pure. */
import { see } from "./beginnings.ts";
import { STOPPED, SUPERSEDED } from "./cancelling.ts";
import type { Conversation, EventOf, SpeechTiming, Step } from "./conversation-state.ts";
import { chain, cutShort } from "./endings.ts";
import { isSameSpeaker, notUnderstood, understood } from "./exchange.ts";
import { apologise, notHeard, showApology } from "./hearing.ts";
import type { Listening } from "./listening.ts";
import { keepLive } from "./live.ts";
import { resume } from "./resuming.ts";
import type { Context } from "./run.ts";
import type { Failure, Origin } from "./turn.ts";
import { mark, type TurnClock, unmark } from "./turn-clock.ts";
import { closeGrant } from "./window.ts";
import { fulfil } from "./wishes.ts";

/** Refusals after which the same turn cannot be heard any more; after others the person may say it again. */
const FINAL_REFUSALS: ReadonlySet<string> = new Set([
  ...["privacy", "busy", "no_microphone", "engine_missing", "engine_timeout", "engine_failed"],
]);
/** Refusals of what we no longer wanted to hear ourselves. */
const OURS: ReadonlySet<string> = new Set(["superseded", "dropped", "cancelled"]);
const NO_WORDS: Failure = { code: "unclear", message: "The transcript holds no words." };

type Transcribed = EventOf<"transcribed">;

/** The words of the turn that is listened to; those of any other mean nothing. */
export function transcribed(conversation: Conversation, event: Transcribed, context: Context): Step {
  const { activity } = conversation;
  const { uttId } = event.words;
  if (activity.kind === "listening" && activity.listening.uttId === uttId) {
    return saidInListening(conversation, { event, listening: activity.listening }, context);
  }
  if (activity.kind === "followup" && activity.followup.window.uttId === uttId) {
    return saidInFollowup(conversation, event, context);
  }
  if (activity.kind === "paused" && activity.pause.window.uttId === uttId) {
    return saidInPause(conversation, event, context);
  }
  return [conversation, []];
}

/** A transcript without words was not understood. */
function saidInListening(
  conversation: Conversation,
  { event, listening }: { readonly event: Transcribed; readonly listening: Listening },
  context: Context,
): Step {
  const clock = timedWords(listening.clock, event, context);
  if (event.words.text.trim() === "") return unclear(withClock(conversation, clock), NO_WORDS, context);
  const { origin, speak } = listening;
  return accept(closed(conversation, event), { event, origin, speak, clock }, context);
}

/** What is not meant for the robot, or only sounds like somebody, leaves the follow-up as it is. */
function saidInFollowup(conversation: Conversation, event: Transcribed, context: Context): Step {
  const { activity, exchange } = conversation;
  const isTheirs = isSameSpeaker(exchange, event.levelDb, context.rules);
  if (activity.kind !== "followup" || !isTheirs || event.words.text.trim() === "") return [conversation, []];
  const { window, origin } = activity.followup;
  const clock = timedWords(window.clock, event, context);
  const known = see(conversation, event.words.uttId);
  return accept(closed(known, event), { event, origin, speak: "auto", clock }, context);
}

/** What was said into our speech ends it; without words that speech goes on. */
function saidInPause(conversation: Conversation, event: Transcribed, context: Context): Step {
  const { activity } = conversation;
  if (activity.kind !== "paused" || event.words.text.trim() === "") return resume(conversation, context);
  const { run, pause } = activity;
  const clock = timedWords(pause.window.clock, event, context);
  const cut = event.plan.do === "stop" ? STOPPED : SUPERSEDED;
  const known = see(conversation, event.words.uttId);
  const free = cutShort(known, run, { cut, context });
  const origin = pause.by === "phrase" ? "wake" : "followup";
  return accept(free, { event, origin, speak: "auto", clock }, context);
}

/** The grant ends with the utterance that counts. */
function closed(conversation: Conversation, { words }: Transcribed): Step {
  return [{ ...conversation, activity: { kind: "asleep" } }, [closeGrant(words.uttId)]];
}

interface Acceptance {
  readonly event: Transcribed;
  readonly origin: Origin;
  readonly speak: Listening["speak"];
  readonly clock: TurnClock;
}

/** The utterance counts: its turn goes on as a question, with nothing else in its way any more. */
function accept(free: Step, { event, origin, speak, clock }: Acceptance, context: Context): Step {
  const { words, plan, levelDb } = event;
  return chain(free, (next) => {
    const live = keepLive(next.live, context);
    const heard: Conversation = { ...next, live, exchange: understood(next.exchange, levelDb) };
    return fulfil(heard, { turn: { ...words, origin }, plan, speak, clock }, context);
  });
}

/** Something was heard that is no usable utterance; a follow-up goes on without a word about it. */
export function refused(conversation: Conversation, event: EventOf<"refused">, context: Context): Step {
  const { uttId, failure, timing } = event;
  const { activity } = conversation;
  if (activity.kind === "paused" && activity.pause.window.uttId === uttId) {
    return OURS.has(failure.code) ? [conversation, []] : resume(conversation, context);
  }
  if (activity.kind !== "listening" || activity.listening.uttId !== uttId) return [conversation, []];
  const { listening } = activity;
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

function withClock(conversation: Conversation, clock: TurnClock): Conversation {
  const { activity } = conversation;
  if (activity.kind !== "listening") return conversation;
  return { ...conversation, activity: { kind: "listening", listening: { ...activity.listening, clock } } };
}

function timedWords(clock: TurnClock, { timing }: Transcribed, context: Context): TurnClock {
  return mark(timed(clock, timing, context), "transcribed", { atMs: context.atMs, tookMs: timing.transcribeMs });
}

/** Who has not been told of the decision that speech was over knows how long ago it was. */
function timed(clock: TurnClock, { endpointMs, transcribeMs = 0 }: SpeechTiming, { atMs }: Context): TurnClock {
  if (endpointMs === undefined) return clock;
  return mark(clock, "endpointed", { atMs: Math.max(clock.begunAtMs, atMs - transcribeMs), tookMs: endpointMs });
}
