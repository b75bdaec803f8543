/** When the activity of a conversation must end. Pure. */
import { alarmDueAtMs, alarmEndsAtMs } from "./alarm.ts";
import type { Conversation } from "./conversation-state.ts";
import { followupDueAtMs } from "./followup.ts";
import { listeningDueAtMs } from "./listening.ts";
import { pauseDueAtMs, pauseEndsAtMs } from "./pause.ts";
import type { Rules } from "./rules.ts";
import { runDueAtMs, textDueAtMs } from "./run.ts";

/** When time itself will change what the conversation is at; infinite while it is asleep. */
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
    case "paused":
      // While it is held the speech has no deadlines of its own.
      return Math.min(pauseDueAtMs(activity.pause, peers, rules), textDueAtMs(activity.run, rules));
    case "followup":
      return followupDueAtMs(activity.followup, peers, rules);
    case "alarm":
      return alarmDueAtMs(activity.alarm, rules);
  }
}

/** When what the conversation is at ends at the latest, if nothing happens. */
export function activityEndsAtMs(conversation: Conversation, rules: Rules): number {
  const { activity, peers } = conversation;
  if (activity.kind === "alarm") return alarmEndsAtMs(activity.alarm, rules);
  if (activity.kind === "paused") return pauseEndsAtMs(activity.pause, peers, rules);
  return activityDueAtMs(conversation, rules);
}
