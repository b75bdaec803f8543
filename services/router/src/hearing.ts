/** Listening for a turn that the talk button or the wake phrase began: how it begins, and how it ends without words. Pure. */
import { apology } from "./apologies.ts";
import { begin, impossible, see, voice } from "./beginnings.ts";
import { SUPERSEDED } from "./cancelling.ts";
import type { Conversation, EventOf, Step } from "./conversation-state.ts";
import { chain, cutActivity, endListening } from "./endings.ts";
import { calledAgain } from "./exchange.ts";
import { standingGrant } from "./grants.ts";
import { grantOf, type Listening, listeningDueAtMs } from "./listening.ts";
import type { Context } from "./run.ts";
import { SILENT, type Speech } from "./speech.ts";
import type { Failure } from "./turn.ts";
import { unmark } from "./turn-clock.ts";
import { closeGrant, openWindow, type SoundPosition } from "./window.ts";

const NO_SPEECH: Failure = { code: "no_speech", message: "Nobody said anything that could be understood in time." };
export const EARS_MISSING: Failure = { code: "stt_unavailable", message: "stt-worker is not running." };

/** The button was pressed: whatever runs is cut, and a new turn listens. */
export function listenStarted(conversation: Conversation, event: EventOf<"listen_started">, context: Context): Step {
  const { uttId, speak, captureId, fromSample } = event;
  if (conversation.seen.includes(uttId)) return [conversation, []];
  return listen(conversation, { uttId, origin: "button", speak, position: { captureId, fromSample } }, context);
}

/** How listening begins. */
interface Attention extends Pick<Listening, "uttId" | "origin" | "speak"> {
  readonly position: SoundPosition;
}

export function listen(conversation: Conversation, attention: Attention, context: Context): Step {
  const { uttId, origin, speak, position } = attention;
  const { hearing } = conversation.peers;
  const window = openWindow({ uttId, ...position }, { atMs: context.atMs, hearing });
  const opened: Listening = { ...window, origin, speak, button: { kind: "open" } };
  const exchange = calledAgain(conversation.exchange);
  const known: Conversation = { ...see(conversation, uttId), exchange, lastListened: uttId };
  return chain(cutActivity(known, SUPERSEDED, context), (free) => {
    const listening = { ...free, activity: { kind: "listening", listening: opened }, reason: origin } as const;
    if (free.peers.ears === "down") return apologise(listening, EARS_MISSING, context);
    return [listening, [grantOf(opened, context)]];
  });
}

/** Somebody called again while being listened to: the same turn begins behind the new phrase. */
export function listenAnew(conversation: Conversation, position: SoundPosition, context: Context): Step {
  const { activity } = conversation;
  if (activity.kind !== "listening") return [conversation, []];
  const { atMs } = context;
  const clock = unmark(activity.listening.clock, ["speech_heard", "endpointed"]);
  const listening: Listening = {
    ...activity.listening,
    ...{ ...position, openedAtMs: atMs, quietSinceMs: atMs, button: { kind: "open" }, clock },
  };
  const exchange = calledAgain(conversation.exchange);
  return [{ ...conversation, activity: { kind: "listening", listening }, exchange }, [grantOf(listening, context)]];
}

/** The button was released: what is being said is still transcribed. */
export function listenStopped(conversation: Conversation, event: EventOf<"listen_stopped">, context: Context): Step {
  const { activity } = conversation;
  if (activity.kind !== "listening" || activity.listening.button.kind === "released") return [conversation, []];
  const { toSample } = event;
  const released: Listening = { ...activity.listening, button: { kind: "released", atMs: context.atMs, toSample } };
  const exchange = { ...conversation.exchange, isHandsFree: false };
  return [
    { ...conversation, activity: { kind: "listening", listening: released }, exchange },
    [grantOf(released, context)],
  ];
}

/** What was said is not meant for the robot. */
export function listenDropped(conversation: Conversation, context: Context): Step {
  const failure: Failure = { code: "dropped", message: "The person threw away what was said." };
  return endListening(conversation, { outcome: "cancelled", failure, text: "" }, context);
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
  const { lastListened } = conversation;
  const granted = standingGrant(conversation, context);
  if (granted !== undefined) return [conversation, [granted]];
  return [conversation, lastListened === undefined ? [] : [closeGrant(lastListened)]];
}

export function notHeard(conversation: Conversation, context: Context): Step {
  const text = apology(NO_SPEECH, context.rules);
  return endListening(conversation, { outcome: "no_speech", failure: NO_SPEECH, text }, context);
}

/** Listening ends in a sentence that says why, spoken where that can be. */
export function apologise(conversation: Conversation, failure: Failure, context: Context): Step {
  const { activity, peers } = conversation;
  if (activity.kind !== "listening") return [conversation, []];
  return excuse(conversation, { failure, speech: voice(activity.listening.speak, peers) }, context);
}

/** The same, in writing only. */
export function showApology(conversation: Conversation, failure: Failure, context: Context): Step {
  return excuse(conversation, { failure, speech: SILENT }, context);
}

function excuse(
  conversation: Conversation,
  { failure, speech }: { readonly failure: Failure; readonly speech: Speech },
  context: Context,
): Step {
  const { activity } = conversation;
  if (activity.kind !== "listening") return [conversation, []];
  const { uttId, origin, clock } = activity.listening;
  const turn = { uttId, origin, text: "" } as const;
  const opening = { turn, beginning: impossible(failure.code, failure.message), speech, clock };
  const left: Conversation = { ...conversation, activity: { kind: "asleep" } };
  return chain([left, [closeGrant(uttId)]], (next) => begin(next, opening, context));
}
