/** What the microphone may do at the moment. Pure. */
import type { Conversation } from "./conversation-state.ts";
import { grantOf } from "./listening.ts";
import type { Context } from "./run.ts";
import type { Effect } from "./turn.ts";
import type { Window } from "./window.ts";

/** The window that stt-worker transcribes for; undefined while only the wake phrase and the stop word are heard. */
export function openWindowOf({ activity }: Conversation): Window | undefined {
  if (activity.kind !== "listening") return undefined;
  return activity.listening.button.kind === "open" ? activity.listening : undefined;
}

/** The order that holds, said anew; undefined when none does. */
export function standingGrant({ activity }: Conversation, context: Context): Effect | undefined {
  return activity.kind === "listening" ? grantOf(activity.listening, context) : undefined;
}
