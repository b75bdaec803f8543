/** How a run goes back into its conversation, or leaves it: finished, or cancelled. Pure. */
import { silence } from "./alarming.ts";
import { type Closing, closeBooks, closeUnworked, type Ending, naturalEnding, pastOf, showFinal } from "./closing.ts";
import { type Activity, activeRunOf, type Conversation, runsOf, type Step } from "./conversation-state.ts";
import { endFollowup, followUp } from "./following.ts";
import { remember } from "./history.ts";
import { closeEar, listenIfSilent } from "./pausing.ts";
import { type Context, isFinished, type Run, textOf } from "./run.ts";
import { hasBegun, isOutstanding } from "./speech.ts";
import type { Effect, Failure, Outcome } from "./turn.ts";
import { closeGrant } from "./window.ts";

/** The names of the workers in `turn/cancelled`. */
export const MODEL_SERVICE = "llm-worker";
export const SPEECH_SERVICE = "tts-worker";
export const HEARING_SERVICE = "stt-worker";

/** One step after another; their effects in order. (Not named `then`: a module that exports that is a thenable.) */
export function chain([conversation, effects]: Step, next: (conversation: Conversation) => Step): Step {
  const [after, more] = next(conversation);
  return [after, [...effects, ...more]];
}

/** The run of a turn, wherever it runs. */
export function findRun(conversation: Conversation, uttId: string): Run | undefined {
  return runsOf(conversation).find(({ turn }) => turn.uttId === uttId);
}

/** Puts a run back that has moved on; one that is finished leaves. */
export function place(conversation: Conversation, run: Run, context: Context): Step {
  if (isFinished(run)) return finish(conversation, { run, ending: naturalEnding(run) }, context);
  const isBeside = conversation.beside.some(({ turn }) => turn.uttId === run.turn.uttId);
  if (isBeside) {
    const beside = conversation.beside.map((other) => (other.turn.uttId === run.turn.uttId ? run : other));
    return [{ ...conversation, beside }, []];
  }
  const { activity } = conversation;
  if (activity.kind === "paused") {
    return listenIfSilent({ ...conversation, activity: { ...activity, run } }, context);
  }
  return [workOn(conversation, run), []];
}

/** The conversation that is at this run, thinking or speaking. */
export function workOn(conversation: Conversation, run: Run): Conversation {
  return { ...conversation, ...activityOf(conversation, run) };
}

function activityOf(
  { activity, reason }: Conversation,
  run: Run,
): { readonly activity: Activity; readonly reason: string } {
  const isSpeaking = run.turn.origin === "say" || (hasBegun(run.speech) && isOutstanding(run.speech));
  const kind = isSpeaking ? "speaking" : "thinking";
  return { activity: { kind, run }, reason: activity.kind === kind ? reason : isSpeaking ? "speech" : "question" };
}

function withoutRun(conversation: Conversation, run: Run, reason: string): Conversation {
  const { uttId } = run.turn;
  const { beside } = conversation;
  const others = beside.filter(({ turn }) => turn.uttId !== uttId);
  if (others.length < beside.length) return { ...conversation, beside: others };
  const active = activeRunOf(conversation);
  // What was answered in one breath has never been what the conversation is at.
  if (active !== undefined ? active.turn.uttId !== uttId : conversation.activity.kind !== "asleep") return conversation;
  return { ...conversation, activity: { kind: "asleep" }, reason };
}

/** Whether the conversation itself is at this run, not beside it. */
function isActive(conversation: Conversation, { turn }: Run): boolean {
  return activeRunOf(conversation)?.turn.uttId === turn.uttId;
}

interface Ended {
  readonly run: Run;
  readonly ending: Ending;
}

/** The run is over: its final answer and its books. */
function finish(conversation: Conversation, { run, ending }: Ended, context: Context): Step {
  const left = withoutRun(conversation, run, ending.outcome);
  const effects = [...showFinal(run, ending, context.rules), ...closeBooks(run, ending, context)];
  const over: Step = [remembering(left, { run, ending }, context), effects];
  if (!isActive(conversation, run)) return over;
  return chain(over, (next) => followUp(next, { run, before: conversation.activity }, context));
}

function remembering(conversation: Conversation, { run, ending }: Ended, { atMs, rules }: Context): Conversation {
  const past = pastOf(run, ending, atMs);
  const text = textOf(run, rules);
  const isSaid = text !== "" && ending.outcome === "answered";
  const known = isSaid ? { ...conversation, lastSaid: text } : conversation;
  return past === undefined ? known : { ...known, history: remember(known.history, past, rules.history) };
}

/** Why a run is cut short. */
export interface Cut {
  readonly outcome: Outcome & ("cancelled" | "stuck");
  readonly failure: Failure;
  /** The workers know it already. */
  readonly isTold: boolean;
}

/** Ends a run now: its final answer at once, its books when the workers have acknowledged. */
export function cutShort(
  conversation: Conversation,
  run: Run,
  { cut, context }: { readonly cut: Cut; readonly context: Context },
): Step {
  const ending: Ending = { outcome: cut.outcome, failure: cut.failure, missing: [] };
  const left = withoutRun(conversation, run, cut.failure.code);
  const closes = isActive(conversation, run) ? closeEar(conversation.activity) : [];
  const awaited = workersOf(run);
  const finals = showFinal(run, ending, context.rules);
  if (awaited.length === 0)
    return [remembering(left, { run, ending }, context), [...closes, ...finals, ...closeBooks(run, ending, context)]];
  const closing: Closing = { run, ending, awaited, dueAtMs: context.atMs + context.rules.cancelAckMs };
  const known = remembering(left, { run, ending }, context);
  const order: readonly Effect[] = cut.isTold
    ? []
    : [{ do: "cancel", uttId: run.turn.uttId, reason: cut.failure.code }];
  return [{ ...known, closing: [...known.closing, closing] }, [...closes, ...order, ...finals]];
}

/** Who has something of the run in hand. */
function workersOf({ answering, speech }: Run): readonly string[] {
  return [...(answering.kind === "asked" ? [MODEL_SERVICE] : []), ...(isOutstanding(speech) ? [SPEECH_SERVICE] : [])];
}

/** A cancelled turn is done with: what was really heard of it is known now. */
export function settle(conversation: Conversation, closing: Closing, context: Context): Step {
  const ending: Ending = { ...closing.ending, missing: closing.awaited };
  const { run } = closing;
  const left = { ...conversation, closing: conversation.closing.filter((other) => other !== closing) };
  return [remembering(left, { run, ending }, context), closeBooks(run, ending, context)];
}

/** Listening is over without words to work on: the grant ends with it. */
export function endListening(
  conversation: Conversation,
  { outcome, failure, text }: { readonly outcome: Outcome; readonly failure: Failure; readonly text: string },
  context: Context,
): Step {
  const { activity } = conversation;
  if (activity.kind !== "listening") return [conversation, []];
  const { uttId, origin, clock } = activity.listening;
  const path = outcome === "cancelled" ? "cancelled" : "error";
  const turn = { uttId, origin };
  return [
    { ...conversation, activity: { kind: "asleep" }, reason: failure.code },
    [closeGrant(uttId), ...closeUnworked({ turn, clock, path, outcome, text, failure }, context)],
  ];
}

/** Ends what the conversation is at, whatever that is. */
export function cutActivity(conversation: Conversation, cut: Cut, context: Context): Step {
  const run = activeRunOf(conversation);
  if (run !== undefined) return cutShort(conversation, run, { cut, context });
  if (conversation.activity.kind === "followup") return endFollowup(conversation, cut.failure.code);
  if (conversation.activity.kind === "alarm") return silence(conversation, context);
  return endListening(conversation, { outcome: "cancelled", failure: cut.failure, text: "" }, context);
}
