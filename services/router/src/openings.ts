/** What begins a turn, and what ends one from outside: a question, an announcement, a cancel. Pure. */
import type { Conversation, EventOf, Peers, Step } from "./conversation-state.ts";
import { runsOf } from "./conversation-state.ts";
import { type Cut, chain, cutShort, findRun, place } from "./endings.ts";
import { asMessages } from "./history.ts";
import { type Beginning, beginRun, type Context } from "./run.ts";
import { giveUp, SILENT, type Speech } from "./speech.ts";
import type { Effect, Failure, Turn } from "./turn.ts";

/** A turn that comes again after this many others is taken for a new one. */
const SEEN_MAX = 1_024;

const ALOUD: Speech = { kind: "aloud", sentences: [], freeSinceMs: 0 };
const NO_LOUDSPEAKER: Failure = { code: "tts_unavailable", message: "tts-worker is not running." };

export function asked(conversation: Conversation, event: EventOf<"asked">, context: Context): Step {
  const { turn, speak } = event;
  if (conversation.seen.includes(turn.uttId)) return [conversation, []];
  const known = see(conversation, turn.uttId);
  const beginning = beginningOf(known, event, context);
  if (speak === "no") return begin(known, { turn, beginning, speech: SILENT, isBeside: true }, context);
  const superseded: Cut = {
    outcome: "cancelled",
    failure: { code: "superseded", message: "Another question came." },
    isTold: false,
  };
  const freed = cutActivity(known, superseded, context);
  return chain(freed, (free) => begin(free, { turn, beginning, speech: voice(speak, free.peers) }, context));
}

function see(conversation: Conversation, uttId: string): Conversation {
  return { ...conversation, seen: [...conversation.seen, uttId].slice(-SEEN_MAX) };
}

function beginningOf(
  { peers, history, beside }: Conversation,
  { turn, speak, localAnswer }: EventOf<"asked">,
  { rules }: Context,
): Beginning {
  if (turn.text.trim() === "") return impossible("nothing_asked", "The question holds no words.");
  if (localAnswer !== undefined) return { kind: "known", text: localAnswer, path: "intent" };
  if (speak === "no" && beside.length >= rules.besideMax)
    return impossible("too_many", `${beside.length} questions are being answered already.`);
  if (peers.model === "down") return impossible("llm_unavailable", "llm-worker is not running.");
  return { kind: "question", history: asMessages(history), isWorkerKnown: peers.model === "up" };
}

function impossible(code: string, message: string): Beginning {
  return { kind: "impossible", failure: { code, message } };
}

/** `auto` speaks where a loudspeaker is known to work; `yes` tries, and says why when it cannot. */
function voice(speak: "auto" | "yes", { loudspeaker }: Peers): Speech {
  if (loudspeaker === "up") return ALOUD;
  if (speak === "auto") return SILENT;
  return loudspeaker === "down" ? giveUp(NO_LOUDSPEAKER) : ALOUD;
}

interface Opening {
  readonly turn: Turn;
  readonly beginning: Beginning;
  readonly speech: Speech;
  readonly isBeside?: boolean;
}

function begin(
  conversation: Conversation,
  { turn, beginning, speech, isBeside = false }: Opening,
  context: Context,
): Step {
  const [run, effects] = beginRun(turn, { beginning, speech }, context);
  const opened = isBeside ? { ...conversation, beside: [...conversation.beside, run] } : conversation;
  return chain([opened, effects], (open) => place(open, run, context));
}

export function announced(conversation: Conversation, { turn }: EventOf<"announced">, context: Context): Step {
  if (conversation.seen.includes(turn.uttId)) return [conversation, []];
  const known = see(conversation, turn.uttId);
  if (known.activity.kind === "asleep") return announce(known, turn, context);
  if (known.waiting.length < context.rules.waitingMax) return [{ ...known, waiting: [...known.waiting, turn] }, []];
  const failure = { code: "too_many", message: `${known.waiting.length} announcements wait already.` };
  return begin(known, { turn, beginning: spokenWords(turn), speech: giveUp(failure), isBeside: true }, context);
}

function announce(conversation: Conversation, turn: Turn, context: Context): Step {
  const speech = conversation.peers.loudspeaker === "down" ? giveUp(NO_LOUDSPEAKER) : ALOUD;
  return begin(conversation, { turn, beginning: spokenWords(turn), speech }, context);
}

function spokenWords({ text }: Turn): Beginning {
  return { kind: "known", text, path: "intent" };
}

/** Whoever waits speaks when nobody else does. */
export function announceWaiting(conversation: Conversation, context: Context): Step {
  const [turn, ...waiting] = conversation.waiting;
  if (turn === undefined || conversation.activity.kind !== "asleep") return [conversation, []];
  return chain(announce({ ...conversation, waiting }, turn, context), (next) => announceWaiting(next, context));
}

export function cancelled(conversation: Conversation, { uttId, reason }: EventOf<"cancelled">, context: Context): Step {
  const failure: Failure = { code: "cancelled", message: reason };
  const cut: Cut = { outcome: "cancelled", failure, isTold: uttId !== undefined };
  const runs =
    uttId === undefined ? runsOf(conversation) : [findRun(conversation, uttId)].filter((run) => run !== undefined);
  const dropped = conversation.waiting.filter((turn) => uttId === undefined || turn.uttId === uttId);
  const waiting = conversation.waiting.filter((turn) => !dropped.includes(turn));
  const stopped = runs.reduce<Step>(
    (step, run) => chain(step, (next) => cutShort(next, run, { cut, context })),
    [{ ...conversation, waiting }, []],
  );
  return dropped.reduce<Step>((step, turn) => chain(step, (next) => drop(next, { turn, cut }, context)), stopped);
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

function cutActivity(conversation: Conversation, cut: Cut, context: Context): Step {
  const { activity } = conversation;
  return activity.kind === "asleep" ? [conversation, []] : cutShort(conversation, activity.run, { cut, context });
}

/** Nobody but us knows of the turns our former life began: end them, and say so to who asked. */
export function found(conversation: Conversation, { uttId, asks }: EventOf<"found">, { rules }: Context): Step {
  const lost = [...new Set([...asks, ...(uttId === undefined ? [] : [uttId])])].filter(
    (id) => !conversation.seen.includes(id),
  );
  const failure: Failure = {
    code: "router_restart",
    message: "The router was restarted while it worked on this turn.",
  };
  const effects = lost.flatMap((id): readonly Effect[] => [
    { do: "cancel", uttId: id, reason: failure.code },
    ...(asks.includes(id) ? [finalOf(id, { text: rules.sentences.restarted, failure })] : []),
    {
      do: "report",
      uttId: id,
      origin: "api",
      outcome: "router_restart",
      reason: failure.message,
      totalMs: 0,
      stages: [],
      missing: [],
      clock: "agreed",
    },
  ]);
  return [lost.reduce(see, conversation), effects];
}

function finalOf(uttId: string, { text, failure }: { readonly text: string; readonly failure: Failure }): Effect {
  return { do: "show", uttId, seq: 0, text, path: "error", isFinal: true, failure };
}
