/** What the others may know of a conversation: `turn/state`. Pure. */
import { type Activity, activeRunOf, type Conversation, runsOf } from "./conversation-state.ts";
import { activityEndsAtMs } from "./deadlines.ts";
import { openWindowOf } from "./grants.ts";
import type { Expectation } from "./plans.ts";
import type { Rules } from "./rules.ts";

export interface Description {
  readonly state: Activity["kind"];
  readonly uttId: string | undefined;
  /** Questions that have not had their final answer. */
  readonly asks: readonly string[];
  readonly reason: string;
  /** What the microphone may do. */
  readonly grant: "open" | "armed";
  readonly isPrivate: boolean;
  readonly isLive: boolean;
  /** Names of the timers that ring. */
  readonly timers: readonly string[];
  /** What our own question wants to hear, in a follow-up. */
  readonly expects: Expectation | undefined;
  /** When the activity ends at the latest, if nothing happens. */
  readonly dueAtMs: number | undefined;
}

export function describeConversation(conversation: Conversation, rules: Rules): Description {
  const { activity, reason, peers } = conversation;
  const listening = activity.kind === "listening" ? activity.listening : undefined;
  const asks = runsOf(conversation).filter(({ turn }) => turn.origin !== "say");
  const due = activityEndsAtMs(conversation, rules);
  return {
    state: activity.kind,
    uttId: turnOf(conversation),
    asks: [...(listening === undefined ? [] : [listening.uttId]), ...asks.map(({ turn }) => turn.uttId)],
    reason,
    grant: openWindowOf(conversation) === undefined ? "armed" : "open",
    isPrivate: peers.hearing.isPrivate ?? false,
    timers: activity.kind === "alarm" ? activity.alarm.timers.map(({ label }) => label) : [],
    isLive: conversation.live.kind === "on",
    expects: activity.kind === "followup" ? activity.followup.expects : undefined,
    dueAtMs: Number.isFinite(due) ? due : undefined,
  };
}

/** The running turn; in a follow-up the one before it. */
function turnOf(conversation: Conversation): string | undefined {
  const { activity } = conversation;
  if (activity.kind === "listening") return activity.listening.uttId;
  if (activity.kind === "alarm") return activity.alarm.uttId;
  return activity.kind === "followup" ? activity.followup.lastUttId : activeRunOf(conversation)?.turn.uttId;
}

/** Whether both say the same. Only deadlines may differ: they move with every word of an answer, and are told with the next transition. */
export function isSameDescription(a: Description, b: Description): boolean {
  const isSameTurn = a.state === b.state && a.uttId === b.uttId && a.reason === b.reason;
  if (a.grant !== b.grant || a.isPrivate !== b.isPrivate || a.isLive !== b.isLive) return false;
  if (a.timers.join() !== b.timers.join()) return false;
  return isSameTurn && a.asks.length === b.asks.length && a.asks.every((uttId, at) => uttId === b.asks[at]);
}
