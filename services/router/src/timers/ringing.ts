/** How timers are part of a conversation: taken up from a former life, and due. Pure. */
import type { Conversation, EventOf, Step } from "../conversation-state.ts";
import type { Context } from "../run.ts";
import { dueWords } from "./timer-words.ts";
import { takeDue } from "./timers.ts";

/** Those of a former life go on; what was due meanwhile is due now. */
export function timersFound(conversation: Conversation, { timers }: EventOf<"timers_found">): Step {
  const known = new Set(conversation.timers.map(({ id }) => id));
  return [{ ...conversation, timers: [...conversation.timers, ...timers.filter(({ id }) => !known.has(id))] }, []];
}

/** What is due rings, all of it in one announcement, and is kept no longer. */
export function ringDue(conversation: Conversation, { atMs }: Context): Step {
  const { due, left } = takeDue(conversation.timers, atMs);
  const [first] = due;
  if (first === undefined) return [conversation, []];
  return [
    { ...conversation, timers: left },
    [
      { do: "ring", uttId: first.id, text: dueWords(due, atMs) },
      { do: "keep_timers", uttId: first.id, timers: left },
    ],
  ];
}
