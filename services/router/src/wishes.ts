/** What a person wants, typed or spoken, and how the robot begins to do it. Pure. */
import { begin, impossible, voice } from "./beginnings.ts";
import { cancelled, STOPPED } from "./cancelling.ts";
import { closeUnworked } from "./closing.ts";
import type { Conversation, Step } from "./conversation-state.ts";
import { chain } from "./endings.ts";
import { asMessages } from "./history.ts";
import { goLive, NOT_LIVE } from "./live.ts";
import { answerByItself } from "./local-answers.ts";
import type { Plan } from "./plans.ts";
import type { Beginning, Context } from "./run.ts";
import type { Turn } from "./turn.ts";
import { mark, startClock, type TurnClock } from "./turn-clock.ts";

/** In the person's words, and what is to be done. */
export interface Wish {
  readonly turn: Turn;
  readonly plan: Plan;
  readonly speak: "auto" | "yes" | "no";
  /** Beside the conversation; otherwise nothing of it runs any more. */
  readonly isBeside?: boolean;
  /** Of a turn that began before its words were known. */
  readonly clock?: TurnClock;
}

export function fulfil(conversation: Conversation, wish: Wish, context: Context): Step {
  const { plan, speak, isBeside = false, clock } = wish;
  const turn = plan.do === "answer" && plan.expects !== undefined ? { ...wish.turn, expects: plan.expects } : wish.turn;
  if (plan.do === "stop") return stopAll(conversation, { ...wish, text: plan.text }, context);
  const adapted = listeningAs(conversation, plan, context);
  const [adjusted, orders, text] = answerByItself(adapted, { uttId: turn.uttId, atMs: context.atMs }, plan);
  const beginning = beginningOf(adjusted, { ...wish, text }, context);
  const speech = voice(speak, adjusted.peers);
  return chain([adjusted, orders], (next) => begin(next, { turn, beginning, speech, isBeside, clock }, context));
}

/** With live mode as the person wants it. */
function listeningAs(conversation: Conversation, plan: Plan, { atMs, rules }: Context): Conversation {
  if (plan.do !== "live") return conversation;
  return { ...conversation, live: plan.on ? goLive(atMs, rules) : NOT_LIVE };
}

/** Ends whatever runs or waits at the site; who asked for silence gets no spoken answer. */
function stopAll(
  conversation: Conversation,
  { turn, text, clock }: Wish & { readonly text: string },
  context: Context,
): Step {
  const stopped = cancelled(conversation, { uttId: undefined, reason: STOPPED.failure.message }, context);
  const understood = mark(clock ?? startClock(context.atMs), "understood", context);
  const unworked = { turn, text, path: "intent", outcome: "answered", clock: understood } as const;
  return chain(stopped, (next) => [{ ...next, reason: "stop" }, closeUnworked(unworked, context)]);
}

/** `text` is what the robot answers by itself. */
function beginningOf(
  { peers, history, beside }: Conversation,
  { turn, plan, text, isBeside = false }: Wish & { readonly text: string | undefined },
  { rules }: Context,
): Beginning {
  if (turn.text.trim() === "") return impossible("nothing_asked", "The question holds no words.");
  if (text !== undefined) return { kind: "known", text, path: "intent" };
  if (isBeside && beside.length >= rules.besideMax)
    return impossible("too_many", `${beside.length} questions are being answered already.`);
  if (peers.model === "down") return impossible("llm_unavailable", "llm-worker is not running.");
  const hint = plan.do === "ask_model" ? plan.hint : undefined;
  return { kind: "question", history: asMessages(history), isWorkerKnown: peers.model === "up", hint };
}
