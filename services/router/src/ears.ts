/** What the microphone notices, and what follows when it can or may hear no more. Pure. */
import { apology } from "./apologies.ts";
import type { Activity, Conversation, Step } from "./conversation-state.ts";
import { cutShort, endListening } from "./endings.ts";
import { endFollowup } from "./following.ts";
import { apologise, EARS_MISSING } from "./hearing.ts";
import { NOT_LIVE } from "./live.ts";
import type { Hearing } from "./peers.ts";
import { resume } from "./resuming.ts";
import type { Context } from "./run.ts";
import type { Failure } from "./turn.ts";
import { notice } from "./window.ts";

interface Change {
  readonly before: Conversation["peers"];
  /** Whatever stt-worker had in hand is gone. */
  readonly isLost: boolean;
}

/** Called when the peers are others than `before`. */
export function earsChanged(conversation: Conversation, { before, isLost }: Change, context: Context): Step {
  const { activity, peers } = conversation;
  if (isLost || peers.ears === "down") return deafened(conversation, context);
  // By a person, just now; not when it is first heard that it is off.
  const isSwitchedOff = peers.hearing.isPrivate === true && before.hearing.isPrivate === false;
  if (isSwitchedOff) return switchedOff({ ...conversation, live: NOT_LIVE }, context);
  const noticing = noticed(activity, peers.hearing, { before: before.hearing, atMs: context.atMs });
  return [{ ...conversation, activity: noticing }, []];
}

/** Nothing can be heard any more; only who waited for an answer to the wake phrase or the button is told. */
function deafened(conversation: Conversation, context: Context): Step {
  const { activity } = conversation;
  if (activity.kind === "followup") return endFollowup(conversation, EARS_MISSING.code);
  if (activity.kind === "paused") return resume(conversation, context);
  if (activity.kind !== "listening") return [conversation, []];
  return apologise(conversation, { ...EARS_MISSING, message: "stt-worker went away." }, context);
}

function switchedOff(conversation: Conversation, context: Context): Step {
  const { activity } = conversation;
  const failure: Failure = { code: "privacy", message: "The microphone was switched off." };
  if (activity.kind === "followup") return endFollowup(conversation, failure.code);
  if (activity.kind === "paused") {
    return cutShort(conversation, activity.run, { cut: { outcome: "cancelled", failure, isTold: false }, context });
  }
  const text = apology(failure, context.rules);
  return endListening(conversation, { outcome: "cancelled", failure, text }, context);
}

function noticed(
  activity: Activity,
  hearing: Hearing,
  since: { readonly before: Hearing; readonly atMs: number },
): Activity {
  switch (activity.kind) {
    case "listening":
      return { ...activity, listening: notice(activity.listening, hearing, since) };
    case "followup": {
      const { followup } = activity;
      return { ...activity, followup: { ...followup, window: notice(followup.window, hearing, since) } };
    }
    case "paused":
      return { ...activity, pause: { ...activity.pause, window: notice(activity.pause.window, hearing, since) } };
    case "alarm":
    case "asleep":
    case "thinking":
    case "speaking":
      return activity;
  }
}
