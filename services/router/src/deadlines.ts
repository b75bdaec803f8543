/** When the activity of a conversation must end. Pure. */
import type { Conversation } from "./conversation-state.ts";
import { followupDueAtMs } from "./followup.ts";
import { listeningDueAtMs } from "./listening.ts";
import type { Rules } from "./rules.ts";
import { runDueAtMs } from "./run.ts";

/** When what the conversation is at ends at the latest, if nothing happens; infinite while it is asleep. */
export function activityDueAtMs(conversation: Conversation, rules: Rules): number {
  const { activity, peers } = conversation;
  switch (activity.kind) {
    case "asleep":
      return Number.POSITIVE_INFINITY;
    case "listening":
      return listeningDueAtMs(activity.listening, peers, rules);
    case "thinking":
    case "speaking":
      return runDueAtMs(activity.run, rules);
    case "followup":
      return followupDueAtMs(activity.followup, peers, rules);
  }
}
