/** What tests of the outbox share. */
import { Outbox, type OutboxBounds, type OutboxEntry, type Outcome, type Outgoing } from "./outbox.ts";

/** Small enough to be reached. */
export const BOUNDS: OutboxBounds = { maxMessages: 8, maxBytes: 80, maxPacketId: 60_000 };
/** The end of a message that arrived. */
export const CONFIRMED: Outcome = { kind: "confirmed", matched: undefined };

/** How a message ended. */
export interface Ending {
  readonly id: string;
  readonly outcome: Outcome;
  readonly sent: "no" | "maybe";
}

/** An outbox, and the endings of its messages in the order they were told. */
export function openOutbox(bounds: OutboxBounds = BOUNDS) {
  const outbox = new Outbox(bounds);
  const endings: Ending[] = [];
  let count = 0;
  const outgoing = ({ topic = "a", bytes = 10, replaces = false } = {}): Outgoing => {
    count += 1;
    const id = `m${count}`;
    return {
      id,
      topic,
      label: topic,
      payload: new Uint8Array(bytes),
      retain: replaces,
      replaces,
      giveUpAtMs: Number.POSITIVE_INFINITY,
      expiresAtMs: Number.POSITIVE_INFINITY,
      acceptedAtMs: 0,
      settled: (outcome, sent) => endings.push({ id, outcome, sent }),
    };
  };
  const send = (nowMs = 0): OutboxEntry => {
    const entry = outbox.peek();
    if (entry === undefined) throw new Error("nothing waits");
    outbox.take(entry, nowMs);
    return entry;
  };
  return { outbox, endings, accept: (of?: Parameters<typeof outgoing>[0]) => outbox.accept(outgoing(of)), send };
}

/** The ids of entries, in order. */
export const idsOf = (entries: readonly OutboxEntry[]): readonly string[] => entries.map(({ id }) => id);
