/** What begins a turn: a question, an announcement, and what a former life of the router left behind. Pure. */
import { announcingVoice, begin, see, spokenWords } from "./beginnings.ts";
import { SUPERSEDED } from "./cancelling.ts";
import { closeUnworked } from "./closing.ts";
import type { Conversation, EventOf, Step } from "./conversation-state.ts";
import { chain, cutActivity } from "./endings.ts";
import { endFollowup } from "./following.ts";
import { openWindowOf } from "./grants.ts";
import type { Context } from "./run.ts";
import { giveUp } from "./speech.ts";
import type { Effect, Failure, Turn } from "./turn.ts";
import { startClock } from "./turn-clock.ts";
import { closeGrant } from "./window.ts";
import { fulfil } from "./wishes.ts";

export function asked(conversation: Conversation, { turn, speak, plan }: EventOf<"asked">, context: Context): Step {
  if (conversation.seen.includes(turn.uttId)) return [conversation, []];
  const known = see(conversation, turn.uttId);
  if (speak === "no") return fulfil(known, { turn, plan, speak, isBeside: true }, context);
  return chain(cutActivity(known, SUPERSEDED, context), (free) => fulfil(free, { turn, plan, speak }, context));
}

export function announced(conversation: Conversation, { turn }: EventOf<"announced">, context: Context): Step {
  if (conversation.seen.includes(turn.uttId)) return [conversation, []];
  const known = see(conversation, turn.uttId);
  if (isFree(known)) return announce(known, turn, context);
  if (known.waiting.length < context.rules.waitingMax) return [{ ...known, waiting: [...known.waiting, turn] }, []];
  const failure = { code: "too_many", message: `${known.waiting.length} announcements wait already.` };
  return begin(known, { turn, beginning: spokenWords(turn), speech: giveUp(failure), isBeside: true }, context);
}

function announce(conversation: Conversation, turn: Turn, context: Context): Step {
  const speech = announcingVoice(conversation.peers);
  return chain(endFollowup(conversation, "announcement"), (free) =>
    begin(free, { turn, beginning: spokenWords(turn), speech }, context),
  );
}

/** Whether nobody is talked with; who only may go on is interrupted, who does is not. */
function isFree({ activity, peers }: Conversation): boolean {
  return activity.kind === "asleep" || (activity.kind === "followup" && peers.hearing.activity === "idle");
}

/** Whoever waits speaks when nobody else does. */
export function announceWaiting(conversation: Conversation, context: Context): Step {
  const [turn, ...waiting] = conversation.waiting;
  if (turn === undefined || !isFree(conversation)) return [conversation, []];
  return chain(announce({ ...conversation, waiting }, turn, context), (next) => announceWaiting(next, context));
}

/** Nobody but us knows of the turns our former life began: end them, and say so to who asked. */
export function found(conversation: Conversation, event: EventOf<"found">, { rules, atMs }: Context): Step {
  const { uttId, isOver, asks, isGranted } = event;
  const ids = [...new Set([...asks, ...(uttId === undefined || isOver ? [] : [uttId])])];
  const lost = ids.filter((id) => !conversation.seen.includes(id));
  const failure: Failure = {
    code: "router_restart",
    message: "The router was restarted while it worked on this turn.",
  };
  const { restarted: text } = rules.sentences;
  const effects = lost.flatMap((id): readonly Effect[] => {
    const turn = { uttId: id, origin: "api" } as const;
    const clock = startClock(atMs);
    const closing = closeUnworked({ turn, text, path: "error", outcome: "router_restart", failure, clock }, { atMs });
    // Who did not ask waits for no answer.
    const told = asks.includes(id) ? closing : closing.filter((effect) => effect.do !== "show");
    return [{ do: "cancel", uttId: id, reason: failure.code }, ...told];
  });
  const isOpen = isGranted && uttId !== undefined && openWindowOf(conversation) === undefined;
  return [lost.reduce(see, conversation), isOpen ? [closeGrant(uttId), ...effects] : effects];
}
