/** What the subscribing application saw twice, out of order, or without anyone having sent it. Pure. */
import type { Handled, MessageName, Recording } from "./recording.ts";

/** Faults of the sequence of handler starts, each with the message it happened to. */
export interface Repetition {
  /** Started again in the same process life: the same attempt of the same message. */
  readonly duplicates: readonly MessageName[];
  /** Started after a later message of its key, in the same process life. */
  readonly outOfOrder: readonly MessageName[];
  /** Never offered to a publisher: made up, or altered on the way. */
  readonly strangers: readonly MessageName[];
}

/** Looks at the starts in their order. */
export function repetitionsOf({ handled, offered }: Pick<Recording, "handled" | "offered">): Repetition {
  const known = new Set(offered);
  const started = new Set<string>();
  const highest = new Map<string, number>();
  const duplicates: MessageName[] = [];
  const outOfOrder: MessageName[] = [];
  for (const start of handled) {
    const run = `${start.life} ${start.attempt} ${start.message}`;
    if (started.has(run)) duplicates.push(start.message);
    else if (start.attempt === 1 && isOvertaken(start, highest)) outOfOrder.push(start.message);
    started.add(run);
  }
  const strangers = handled.map(({ message }) => message).filter((message) => !known.has(message));
  return { duplicates, outOfOrder, strangers };
}

/** Whether a later message of its key has started before; remembers how far its key has come. */
function isOvertaken({ life, key, seq }: Handled, highest: Map<string, number>): boolean {
  const lane = `${life} ${key}`;
  const before = highest.get(lane) ?? -1;
  highest.set(lane, Math.max(before, seq));
  return seq < before;
}
