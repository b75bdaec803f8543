/** What the microphone may do at the moment. Pure. */
import type { Conversation } from "./conversation-state.ts";
import { grantOf } from "./listening.ts";
import type { Context } from "./run.ts";
import type { Effect } from "./turn.ts";
import { openGrant, type Window } from "./window.ts";

/** The window that stt-worker transcribes for; undefined while only the wake phrase and the stop word are heard. */
export function openWindowOf({ activity }: Conversation): Window | undefined {
  if (activity.kind === "paused") return activity.pause.hold.kind === "silent" ? activity.pause.window : undefined;
  if (activity.kind === "followup") return activity.followup.window;
  if (activity.kind !== "listening") return undefined;
  return activity.listening.button.kind === "open" ? activity.listening : undefined;
}

/** The order that holds, said anew; undefined when none does. */
export function standingGrant(conversation: Conversation, context: Context): Effect | undefined {
  const { activity } = conversation;
  if (activity.kind === "listening") return grantOf(activity.listening, context);
  const window = openWindowOf(conversation);
  if (window === undefined) return undefined;
  const { quietMs } = activity.kind === "followup" ? activity.followup.patience : context.rules.pause;
  return openGrant(window, { quietMs, ...context });
}
