/**
 * The conversation of one site: whose turn it is, and what becomes of it. Pure: time, ids and words are arguments.
 *
 *   asleep ──asked──▶ thinking ──its answer sounds──▶ speaking ──end with `last`──▶ asleep
 *     │                  ▲ └──answered without speech──▶ asleep    │
 *     └──announced──▶ speaking      └───────queue empty────────────┘
 *
 * 1. Every `asked` ends in exactly one final answer; one asked twice is answered once.
 * 2. A new question cancels the running turn; with `speak: "no"` it runs beside the conversation instead.
 * 3. Every state has a deadline (`dueAtMs`); the edge sends `time_passed` when it is reached.
 *
 * Listening, paused, followup and alarm join as further kinds of `Activity`.
 */
import type { Activity, Conversation, ConversationEvent, Step } from "./conversation-state.ts";
import { runsOf } from "./conversation-state.ts";
import { chain } from "./endings.ts";
import { announced, announceWaiting, asked, cancelled, found } from "./openings.ts";
import { acknowledged, peerChanged, responded, sounded, streamed, timePassed } from "./progress.ts";
import type { Rules } from "./rules.ts";
import { type Context, runDueAtMs } from "./run.ts";

/** The next conversation, and what must be done to get there, in order. */
export function step(conversation: Conversation, event: ConversationEvent, rules: Rules): Step {
  const context = { atMs: event.atMs, rules };
  // Whoever waited for the end of a turn speaks as soon as nobody else does.
  return chain(react(conversation, event, context), (next) => announceWaiting(next, context));
}

function react(conversation: Conversation, event: ConversationEvent, context: Context): Step {
  switch (event.type) {
    case "asked":
      return asked(conversation, event, context);
    case "announced":
      return announced(conversation, event, context);
    case "cancelled":
      return cancelled(conversation, event, context);
    case "streamed":
      return streamed(conversation, event, context);
    case "responded":
      return responded(conversation, event, context);
    case "sounded":
      return sounded(conversation, event, context);
    case "acknowledged":
      return acknowledged(conversation, event, context);
    case "peer_changed":
      return peerChanged(conversation, event, context);
    case "found":
      return found(conversation, event, context);
    case "time_passed":
      return timePassed(conversation, context);
  }
}

/** When `time_passed` must come; undefined while nothing is awaited. */
export function dueAtMs(conversation: Conversation, rules: Rules): number | undefined {
  const runs = runsOf(conversation).map((run) => runDueAtMs(run, rules));
  const due = Math.min(...runs, ...conversation.closing.map((closing) => closing.dueAtMs));
  return Number.isFinite(due) ? due : undefined;
}

/** What the others may know of it: `turn/state`. */
export interface Description {
  readonly state: Activity["kind"];
  readonly uttId: string | undefined;
  /** Questions that have not had their final answer. */
  readonly asks: readonly string[];
  readonly reason: string;
  /** When the activity ends at the latest, if nothing happens. */
  readonly dueAtMs: number | undefined;
}

export function describeConversation(conversation: Conversation, rules: Rules): Description {
  const { activity, reason } = conversation;
  const asks = runsOf(conversation).filter(({ turn }) => turn.origin !== "say");
  const run = activity.kind === "asleep" ? undefined : activity.run;
  return {
    state: activity.kind,
    uttId: run?.turn.uttId,
    asks: asks.map(({ turn }) => turn.uttId),
    reason,
    dueAtMs: run === undefined ? undefined : runDueAtMs(run, rules),
  };
}
