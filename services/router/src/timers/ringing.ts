/** How timers are part of a conversation: taken up from a former life, missed, and due. Pure. */
import { timersDue } from "../alarming.ts";
import type { Conversation, EventOf, Step } from "../conversation-state.ts";
import { chain } from "../endings.ts";
import { announced } from "../openings.ts";
import type { Context } from "../run.ts";
import { labelOf, missedWords } from "./timer-words.ts";
import { type Timer, takeDue } from "./timers.ts";

/** Later than this nobody waits for it any more: it is not rung for, but told. */
const MISSED_AFTER_MS = 10_000;

/** Those of a former life go on; what was due long ago is told in one announcement. */
export function timersFound(conversation: Conversation, event: EventOf<"timers_found">, context: Context): Step {
  const known = new Set(conversation.timers.map(({ id }) => id));
  const found = event.timers.filter(({ id }) => !known.has(id));
  const { due: missed, left } = takeDue(found, context.atMs - MISSED_AFTER_MS);
  const timers = [...conversation.timers, ...left];
  const [first] = missed;
  if (first === undefined) return [{ ...conversation, timers }, []];
  const text = missedWords(missed, context.atMs);
  return chain(kept(conversation, timers, first), (next) =>
    announced(next, { ...event, type: "announced", turn: { uttId: context.newUttId, origin: "say", text } }, context),
  );
}

/** What is due becomes an alarm, and is kept no longer. */
export function ringTimers(conversation: Conversation, context: Context): Step {
  const { due, left } = takeDue(conversation.timers, context.atMs);
  const [first] = due;
  if (first === undefined) return [conversation, []];
  const labels = due.map((timer) => ({ id: timer.id, label: labelOf(timer) }));
  return chain(kept(conversation, left, first), (next) => timersDue(next, labels, context));
}

function kept(conversation: Conversation, timers: readonly Timer[], { id: uttId }: Timer): Step {
  return [{ ...conversation, timers }, [{ do: "keep_timers", uttId, timers }]];
}
