/** How the robot goes on speaking when nothing came of an interruption. Pure. */
import type { Conversation, Step } from "./conversation-state.ts";
import { workOn } from "./endings.ts";
import { pauseDueAtMs, pauseEndsAtMs } from "./pause.ts";
import { closeEar } from "./pausing.ts";
import type { Context } from "./run.ts";
import { unpause } from "./speech.ts";
import type { Effect } from "./turn.ts";

/** Nobody said anything that counts: the speech goes on where it was held. */
export function resume(conversation: Conversation, { atMs }: Context): Step {
  const { activity } = conversation;
  if (activity.kind !== "paused") return [conversation, []];
  const { run } = activity;
  const order: Effect = { do: "resume", uttId: run.turn.uttId };
  const going = workOn(conversation, { ...run, speech: unpause(run.speech, atMs) });
  return [{ ...going, reason: "resumed" }, [...closeEar(activity), order]];
}

/** The times of a pause that were reached: the loudspeaker is told again, or the speech goes on. */
export function lapsePause(conversation: Conversation, context: Context): Step {
  const { activity, peers } = conversation;
  const { atMs, rules } = context;
  if (activity.kind !== "paused" || atMs < pauseDueAtMs(activity.pause, peers, rules)) return [conversation, []];
  const { pause, run } = activity;
  if (atMs >= pauseEndsAtMs(pause, peers, rules) || pause.hold.kind === "silent") return resume(conversation, context);
  const { uttId } = run.turn;
  const isLate = atMs >= pause.window.openedAtMs + rules.stopOrderMs;
  const order: Effect = isLate
    ? { do: "hush", uttId, reason: "The loudspeaker did not pause." }
    : { do: "pause", uttId, ttlMs: rules.pauseTtlMs };
  const hold = { kind: "awaited", ordered: isLate ? "stop" : "pause" } as const;
  return [{ ...conversation, activity: { ...activity, pause: { ...pause, hold } } }, [order]];
}
