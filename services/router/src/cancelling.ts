/** What ends turns from outside. Pure. */
import { dropDue } from "./alarming.ts";
import { spokenWords } from "./beginnings.ts";
import { type Activity, type Conversation, type EventOf, runsOf, type Step } from "./conversation-state.ts";
import { type Cut, chain, cutActivity, cutShort, findRun } from "./endings.ts";
import { NOT_LIVE } from "./live.ts";
import { beginRun, type Context } from "./run.ts";
import { SILENT } from "./speech.ts";
import type { Failure, Turn } from "./turn.ts";

/** Of a running turn when another one begins. */
export const SUPERSEDED: Cut = {
  outcome: "cancelled",
  failure: { code: "superseded", message: "Another question came." },
  isTold: false,
};

/** Of a turn that was told to stop. */
export const STOPPED: Cut = {
  outcome: "cancelled",
  failure: { code: "cancelled", message: "The person asked for it to stop." },
  isTold: false,
};

export function cancelled(
  conversation: Conversation,
  { uttId, reason }: Pick<EventOf<"cancelled">, "uttId" | "reason">,
  context: Context,
): Step {
  const failure: Failure = { code: "cancelled", message: reason };
  const cut: Cut = { outcome: "cancelled", failure, isTold: uttId !== undefined };
  const { activity } = conversation;
  const ids = listenedIds(activity);
  const isHeard = ids.length > 0 && (uttId === undefined || ids.includes(uttId));
  const deaf: Step = isHeard ? cutActivity(conversation, cut, context) : [conversation, []];
  const runs =
    uttId === undefined ? runsOf(conversation) : [findRun(conversation, uttId)].filter((run) => run !== undefined);
  const dropped = conversation.waiting.filter((turn) => uttId === undefined || turn.uttId === uttId);
  const waiting = conversation.waiting.filter((turn) => !dropped.includes(turn));
  const stopped = runs.reduce<Step>(
    (step, run) => chain(step, (next) => cutShort(next, run, { cut, context })),
    chain(deaf, (next) => [{ ...next, waiting, live: uttId === undefined ? NOT_LIVE : next.live }, []]),
  );
  const { dueAlarm } = conversation;
  const isDueDropped = uttId === undefined || uttId === dueAlarm?.uttId;
  const quiet = isDueDropped ? chain(stopped, (next) => dropDue(next, context)) : stopped;
  return dropped.reduce<Step>((step, turn) => chain(step, (next) => drop(next, { turn, cut }, context)), quiet);
}

/** The turns by whose end nobody is listened to any more. */
function listenedIds(activity: Activity): readonly (string | undefined)[] {
  if (activity.kind === "listening") return [activity.listening.uttId];
  if (activity.kind === "alarm") return [activity.alarm.uttId];
  if (activity.kind === "followup") return [activity.followup.window.uttId, activity.followup.lastUttId];
  return [];
}

/** An announcement that waits has nothing to end but its report. */
function drop(
  conversation: Conversation,
  { turn, cut }: { readonly turn: Turn; readonly cut: Cut },
  context: Context,
): Step {
  const [run] = beginRun(turn, { beginning: spokenWords(turn), speech: SILENT }, context);
  return cutShort(conversation, run, { cut, context });
}
