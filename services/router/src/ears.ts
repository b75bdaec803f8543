/** What the microphone notices, and what follows when it can or may hear no more. Pure. */
import { apology } from "./apologies.ts";
import type { Conversation, Step } from "./conversation-state.ts";
import { endListening } from "./endings.ts";
import { apologise, EARS_MISSING } from "./hearing.ts";
import type { Context } from "./run.ts";
import type { Failure } from "./turn.ts";
import { notice } from "./window.ts";

interface Change {
  readonly before: Conversation["peers"];
  /** Whatever stt-worker had in hand is gone. */
  readonly isLost: boolean;
}

/** Called when the peers are others than `before`. */
export function earsChanged(conversation: Conversation, change: Change, context: Context): Step {
  const { activity, peers } = conversation;
  const { before, isLost } = change;
  if (activity.kind !== "listening") return [conversation, []];
  if (isLost || peers.ears === "down")
    return apologise(conversation, { ...EARS_MISSING, message: "stt-worker went away." }, context);
  if (isSwitchedOff(conversation, before)) {
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

/** By a person, just now; not when it is first heard that it is off. */
function isSwitchedOff({ peers }: Conversation, before: Conversation["peers"]): boolean {
  return peers.hearing.isPrivate === true && before.hearing.isPrivate === false;
}
