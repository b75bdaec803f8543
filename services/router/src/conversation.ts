/**
 * The conversation of one site: whose turn it is, and what becomes of it. Pure: time, ids and words are arguments.
 *
 *   asleep ──wake, button──▶ listening ──words──▶ thinking ──it sounds──▶ speaking ──last sentence──▶ followup ──5 s──▶ asleep
 *     │ └──asked──▶ thinking      ▲                  ▲ └────queue empty──────┘  │ ▲                       │
 *     └──announced──▶ speaking    └──wake, button────│────────────(any)         ▼ └──nothing said         │
 *                                                    └──────────words────── paused ──last sentence──▶─────┤
 *   alarm: timers that are due, from asleep and followup                    thinking ◀──────words─────────┘
 *
 * 1. Every turn ends in exactly one final answer (but an announcement) and one report; one that comes twice counts once.
 * 2. A new question cancels the running turn; with `speak: "no"` it runs beside the conversation instead.
 * 3. Every state but `asleep` has a deadline; the edge sends `time_passed` when `dueAtMs` is reached.
 * 4. The microphone is granted to one turn at a time, in `listening`, `paused` and `followup`, and the grant ends with them.
 */
import { ringDue } from "./alarming.ts";
import { called, calledElsewhere, interrupted, stopWordHeard } from "./calls.ts";
import { cancelled } from "./cancelling.ts";
import type { Conversation, ConversationEvent, Step } from "./conversation-state.ts";
import { activityDueAtMs } from "./deadlines.ts";
import { chain } from "./endings.ts";
import { NEW_EXCHANGE } from "./exchange.ts";
import { stayLive } from "./following.ts";
import { grantAgain, listenDropped, listenStarted, listenStopped } from "./hearing.ts";
import { liveAt, liveDueAtMs } from "./live.ts";
import { announced, announceWaiting, asked, found } from "./openings.ts";
import { acknowledged, peerChanged, responded, sounded, streamed, timePassed } from "./progress.ts";
import type { Rules } from "./rules.ts";
import { type Context, runDueAtMs } from "./run.ts";
import { ringTimers, timersFound } from "./timers/ringing.ts";
import { nextDueAtMs } from "./timers/timers.ts";
import { refused, transcribed } from "./utterances.ts";

/** The next conversation, and what must be done to get there, in order. */
export function step(conversation: Conversation, event: ConversationEvent, rules: Rules): Step {
  const context = { atMs: event.atMs, newUttId: event.newUttId, rules };
  // Whoever waited for the end of a turn speaks as soon as nobody else does.
  const rung = chain(react(conversation, event, context), (next) => ringDue(next, context));
  const spoken = chain(rung, (next) => announceWaiting(next, context));
  const awake = chain(spoken, (next) => stayLive({ ...next, live: liveAt(next.live, event.atMs) }, context));
  return chain(awake, (next) => [next.activity.kind === "asleep" ? { ...next, exchange: NEW_EXCHANGE } : next, []]);
}

function react(conversation: Conversation, event: ConversationEvent, context: Context): Step {
  switch (event.type) {
    case "asked":
      return asked(conversation, event, context);
    case "listen_started":
      return listenStarted(conversation, event, context);
    case "listen_stopped":
      return listenStopped(conversation, event, context);
    case "listen_dropped":
      return listenDropped(conversation, context);
    case "called":
      return called(conversation, event, context);
    case "called_elsewhere":
      return calledElsewhere(conversation, context);
    case "stop_word_heard":
      return stopWordHeard(conversation, context);
    case "interrupted":
      return interrupted(conversation, event, context);
    case "transcribed":
      return transcribed(conversation, event, context);
    case "refused":
      return refused(conversation, event, context);
    case "reconnected":
      return grantAgain(conversation, context);
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
    case "timers_found":
      return timersFound(conversation, event, context);
    case "time_passed":
      // First what is due: then nobody is listened to for a turn that ends in the same moment.
      return chain(ringTimers(conversation, context), (next) => timePassed(next, context));
  }
}

/** When `time_passed` must come; undefined while nothing is awaited. */
export function dueAtMs(conversation: Conversation, rules: Rules): number | undefined {
  const runs = conversation.beside.map((run) => runDueAtMs(run, rules));
  const { live, dueAlarm, timers } = conversation;
  const alarm = dueAlarm === undefined ? Number.POSITIVE_INFINITY : dueAlarm.sinceMs + rules.alarmPatienceMs;
  const ears = Math.min(activityDueAtMs(conversation, rules), liveDueAtMs(live));
  const timer = nextDueAtMs(timers) ?? Number.POSITIVE_INFINITY;
  const due = Math.min(...runs, ears, alarm, timer, ...conversation.closing.map((closing) => closing.dueAtMs));
  return Number.isFinite(due) ? due : undefined;
}
