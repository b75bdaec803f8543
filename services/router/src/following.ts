/** When a follow-up opens, and how it ends without words. Pure. */
import type { Activity, Conversation, Step } from "./conversation-state.ts";
import { type Followup, followupDueAtMs, patienceAfter } from "./followup.ts";
import { livePatience } from "./live.ts";
import { closeEar } from "./pausing.ts";
import type { Rules } from "./rules.ts";
import { type Context, type Run, textOf } from "./run.ts";
import { hasBegun } from "./speech.ts";
import type { Origin } from "./turn.ts";
import { closeGrant, FROM_NOW, openGrant, openWindow } from "./window.ts";

const BY_VOICE: ReadonlySet<Origin> = new Set(["wake", "button", "followup"]);

interface Ended {
  readonly run: Run;
  /** What the conversation was at. */
  readonly before: Activity;
}

/** A turn of the conversation itself came to its end: who began it by voice and heard its answer may go on. */
export function followUp(conversation: Conversation, ended: Ended, context: Context): Step {
  const { run, before } = ended;
  if (before.kind === "paused") return listenOn(conversation, { run, before }, context);
  const { exchange, peers } = conversation;
  const { rules, atMs, newUttId } = context;
  const isTalk = BY_VOICE.has(run.turn.origin) && exchange.isHandsFree && hasBegun(run.speech);
  const isTooMany = exchange.followupCount >= rules.followupsInARow;
  if (!isTalk || isTooMany || !mayListen(conversation)) return [conversation, []];
  const window = openWindow({ uttId: newUttId, ...FROM_NOW }, { atMs, hearing: peers.hearing });
  return openFollowup(conversation, { window, origin: "followup", ...wantsOf(run, rules) }, context);
}

/** Our speech ended while somebody spoke into it: what is being said counts, and the microphone stays as it is. */
function listenOn(
  conversation: Conversation,
  { run, before }: Ended & { readonly before: { readonly kind: "paused" } },
  context: Context,
): Step {
  if (!canHear(conversation)) return [conversation, closeEar(before)];
  const { window, by } = before.pause;
  const opened = { ...window, openedAtMs: context.atMs, quietSinceMs: context.atMs };
  const origin = by === "phrase" ? "wake" : "followup";
  return openFollowup(conversation, { window: opened, origin, ...wantsOf(run, context.rules) }, context);
}

function wantsOf(run: Run, rules: Rules): Pick<Followup, "lastUttId" | "expects" | "patience"> {
  const { uttId: lastUttId, expects = "anything" } = run.turn;
  return { lastUttId, expects, patience: patienceAfter({ text: textOf(run, rules), expects }, rules) };
}

/** In live mode nobody has to say the wake phrase, whatever ended. */
export function stayLive(conversation: Conversation, context: Context): Step {
  const { activity, live, seen, peers } = conversation;
  const isFree = activity.kind === "asleep" && mayListen(conversation);
  if (live.kind === "off" || !isFree) return [conversation, []];
  const { atMs, newUttId, rules } = context;
  const window = openWindow({ uttId: newUttId, ...FROM_NOW }, { atMs, hearing: peers.hearing });
  const followup = { window, origin: "followup", lastUttId: seen.at(-1), expects: "anything" } as const;
  return openFollowup({ ...conversation, reason: "live" }, { ...followup, patience: rules.followup }, context);
}

function openFollowup(conversation: Conversation, planned: Followup, { atMs, rules }: Context): Step {
  const { exchange, live } = conversation;
  const patience = live.kind === "on" ? livePatience(live, { atMs, rules }) : planned.patience;
  const followup: Followup = { ...planned, patience };
  const { window } = followup;
  const opened: Conversation = {
    ...conversation,
    activity: { kind: "followup", followup },
    exchange: { ...exchange, followupCount: exchange.followupCount + 1 },
    lastListened: window.uttId,
  };
  return [opened, [openGrant(window, { quietMs: patience.quietMs, atMs, rules })]];
}

/** Whether there is somebody who hears and may, and nobody who waits to say something. */
function mayListen(conversation: Conversation): boolean {
  return canHear(conversation) && conversation.waiting.length === 0 && conversation.dueAlarm === undefined;
}

function canHear({ peers }: Conversation): boolean {
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
