/** When a follow-up opens, and how it ends without words. Pure. */
import type { Conversation, Step } from "./conversation-state.ts";
import { type Followup, followupDueAtMs, patienceAfter } from "./followup.ts";
import { type Context, type Run, textOf } from "./run.ts";
import { hasBegun } from "./speech.ts";
import type { Origin } from "./turn.ts";
import { closeGrant, FROM_NOW, openGrant, openWindow } from "./window.ts";

const BY_VOICE: ReadonlySet<Origin> = new Set(["wake", "button", "followup"]);

/** A turn of the conversation itself came to its end: who began it by voice and heard its answer may go on. */
export function followUp(conversation: Conversation, run: Run, context: Context): Step {
  const { exchange, waiting, peers } = conversation;
  const { rules, atMs, newUttId } = context;
  const isTalk = BY_VOICE.has(run.turn.origin) && exchange.isHandsFree && hasBegun(run.speech);
  const isTooMany = exchange.followupCount >= rules.followupsInARow;
  // Whoever waits to announce something speaks now.
  if (!isTalk || isTooMany || waiting.length > 0 || !mayListen(conversation)) return [conversation, []];
  const window = openWindow({ uttId: newUttId, ...FROM_NOW }, { atMs, hearing: peers.hearing });
  const { expects = "anything" } = run.turn;
  const patience = patienceAfter({ text: textOf(run, rules), expects }, rules);
  return openFollowup(conversation, { window, lastUttId: run.turn.uttId, expects, patience }, context);
}

function openFollowup(conversation: Conversation, followup: Followup, { atMs, rules }: Context): Step {
  const { exchange } = conversation;
  const { window, patience } = followup;
  const opened: Conversation = {
    ...conversation,
    activity: { kind: "followup", followup },
    exchange: { ...exchange, followupCount: exchange.followupCount + 1 },
    lastListened: window.uttId,
  };
  return [opened, [openGrant(window, { quietMs: patience.quietMs, atMs, rules })]];
}

/** Whether there is somebody who hears, and who may. */
function mayListen({ peers }: Conversation): boolean {
  return peers.ears === "up" && peers.hearing.isPrivate !== true;
}

/** Nobody is listened to any more. */
export function endFollowup(conversation: Conversation, reason: string): Step {
  const { activity } = conversation;
  if (activity.kind !== "followup") return [conversation, []];
  return [{ ...conversation, activity: { kind: "asleep" }, reason }, [closeGrant(activity.followup.window.uttId)]];
}

/** Nobody went on. */
export function lapseFollowup(conversation: Conversation, { atMs, rules }: Context): Step {
  const { activity, peers } = conversation;
  if (activity.kind !== "followup" || atMs < followupDueAtMs(activity.followup, peers, rules))
    return [conversation, []];
  return endFollowup(conversation, "deadline");
}
