/** What begins with the talk button: listening, the transcript, and what comes instead of one. Pure. */
import { apology } from "./apologies.ts";
import { begin, impossible, see, voice } from "./beginnings.ts";
import { SUPERSEDED } from "./cancelling.ts";
import type { Conversation, EventOf, SpeechTiming, Step } from "./conversation-state.ts";
import { chain, cutActivity, endListening } from "./endings.ts";
import { closeGrant, grantOf, type Listening, listeningDueAtMs, notice } from "./listening.ts";
import type { Context } from "./run.ts";
import type { Failure } from "./turn.ts";
import { mark, startClock, type TurnClock, unmark } from "./turn-clock.ts";
import { fulfil } from "./wishes.ts";

/** Refusals after which the same turn cannot be heard any more; after others the person may say it again. */
const FINAL_REFUSALS: ReadonlySet<string> = new Set([
  ...["unclear", "privacy", "busy", "no_microphone", "engine_missing", "engine_timeout", "engine_failed"],
]);
const NO_SPEECH: Failure = { code: "no_speech", message: "Nobody said anything that could be understood in time." };
const EARS_MISSING: Failure = { code: "stt_unavailable", message: "stt-worker is not running." };

/** The button was pressed: whatever runs is cut, and a new turn listens. */
export function listenStarted(conversation: Conversation, event: EventOf<"listen_started">, context: Context): Step {
  const { uttId, speak, captureId, fromSample } = event;
  if (conversation.seen.includes(uttId)) return [conversation, []];
  const { atMs } = context;
  const { hearing } = conversation.peers;
  const clock = startClock(atMs);
  const opened: Listening = {
    ...{ uttId, speak, captureId, fromSample, openedAtMs: atMs, quietSinceMs: atMs },
    button: { kind: "open" },
    clock: hearing.activity === "idle" ? clock : mark(clock, "speech_heard", { atMs }),
  };
  const known: Conversation = { ...see(conversation, uttId), lastListened: uttId };
  return chain(cutActivity(known, SUPERSEDED, context), (free) => {
    const listening = { ...free, activity: { kind: "listening", listening: opened }, reason: "button" } as const;
    if (free.peers.ears === "down") return apologise(listening, EARS_MISSING, context);
    return [listening, [grantOf(opened, context)]];
  });
}

/** The button was released: what is being said is still transcribed. */
export function listenStopped(conversation: Conversation, event: EventOf<"listen_stopped">, context: Context): Step {
  const { activity } = conversation;
  if (activity.kind !== "listening" || activity.listening.button.kind === "released") return [conversation, []];
  const { toSample } = event;
  const released: Listening = { ...activity.listening, button: { kind: "released", atMs: context.atMs, toSample } };
  return [{ ...conversation, activity: { kind: "listening", listening: released } }, [grantOf(released, context)]];
}

/** What was said is not meant for the robot. */
export function listenDropped(conversation: Conversation, context: Context): Step {
  const failure: Failure = { code: "dropped", message: "The person threw away what was said." };
  return endListening(conversation, { outcome: "cancelled", failure, text: "" }, context);
}

/** The words of the turn that is listened to; a transcript without words was not understood. */
export function transcribed(conversation: Conversation, event: EventOf<"transcribed">, context: Context): Step {
  const { turn, plan, timing } = event;
  const listening = listeningTo(conversation, turn.uttId);
  if (listening === undefined) return [conversation, []];
  const clock = mark(timed(listening.clock, timing, context), "transcribed", {
    atMs: context.atMs,
    tookMs: timing.transcribeMs,
  });
  if (turn.text.trim() === "") {
    const failure: Failure = { code: "unclear", message: "The transcript holds no words." };
    return apologise(withClock(conversation, clock), failure, context);
  }
  const heard: Conversation = { ...conversation, activity: { kind: "asleep" } };
  return chain([heard, [closeGrant(turn.uttId)]], (next) =>
    fulfil(next, { turn, plan, speak: listening.speak, clock }, context),
  );
}

/** Something was heard that is no usable utterance. */
export function refused(conversation: Conversation, event: EventOf<"refused">, context: Context): Step {
  const { uttId, failure, timing } = event;
  const listening = listeningTo(conversation, uttId);
  if (listening === undefined) return [conversation, []];
  const told = withClock(conversation, timed(listening.clock, timing, context));
  if (FINAL_REFUSALS.has(failure.code)) return apologise(told, failure, context);
  if (listening.button.kind === "released") return notHeard(told, context);
  return [withClock(conversation, unmark(listening.clock, ["speech_heard", "endpointed"])), []];
}

/** What the microphone notices, and whether it can still hear at all; called when the peers are others than `before`. */
export function earsChanged(
  conversation: Conversation,
  { before, isLost }: { readonly before: Conversation["peers"]; readonly isLost: boolean },
  context: Context,
): Step {
  const { activity, peers } = conversation;
  if (activity.kind !== "listening") return [conversation, []];
  if (isLost || peers.ears === "down")
    return apologise(conversation, { ...EARS_MISSING, message: "stt-worker went away." }, context);
  if (peers.hearing.isPrivate === true && before.hearing.isPrivate === false) {
    const failure: Failure = { code: "privacy", message: "The microphone was switched off." };
    return endListening(
      conversation,
      { outcome: "cancelled", failure, text: apology(failure, context.rules) },
      context,
    );
  }
  const listening = notice(activity.listening, peers.hearing, { before: before.hearing, atMs: context.atMs });
  return [{ ...conversation, activity: { kind: "listening", listening } }, []];
}

/** Listening for too long without words. */
export function lapseListening(conversation: Conversation, context: Context): Step {
  const { activity, peers } = conversation;
  if (activity.kind !== "listening") return [conversation, []];
  if (context.atMs < listeningDueAtMs(activity.listening, peers, context.rules)) return [conversation, []];
  if (peers.ears !== "unseen") return notHeard(conversation, context);
  const failure = { ...EARS_MISSING, message: "stt-worker is not running: nothing was ever heard of it." };
  return apologise(conversation, failure, context);
}

/** The grant may have been lost with the broker; said twice it changes nothing. */
export function grantAgain(conversation: Conversation, context: Context): Step {
  const { activity, lastListened } = conversation;
  if (activity.kind === "listening") return [conversation, [grantOf(activity.listening, context)]];
  return [conversation, lastListened === undefined ? [] : [closeGrant(lastListened)]];
}

function notHeard(conversation: Conversation, context: Context): Step {
  const text = apology(NO_SPEECH, context.rules);
  return endListening(conversation, { outcome: "no_speech", failure: NO_SPEECH, text }, context);
}

/** Listening ends in a sentence that says why, spoken where that can be. */
function apologise(conversation: Conversation, { code, message }: Failure, context: Context): Step {
  const { activity, peers } = conversation;
  if (activity.kind !== "listening") return [conversation, []];
  const { uttId, speak, clock } = activity.listening;
  const turn = { uttId, origin: "button", text: "" } as const;
  const opening = { turn, beginning: impossible(code, message), speech: voice(speak, peers), clock };
  const left: Conversation = { ...conversation, activity: { kind: "asleep" } };
  return chain([left, [closeGrant(uttId)]], (next) => begin(next, opening, context));
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
