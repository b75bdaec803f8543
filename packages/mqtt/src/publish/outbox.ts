/**
 * What was accepted for sending and is not settled yet. Pure bookkeeping: no clock, no socket.
 *
 *   accept ──▶ waiting ──take──▶ inflight ──confirm──▶ settled
 *                 ▲                  │
 *                 └── connectionLost ┘  (in the order of their first sending, ahead of what waits)
 *
 * 1. Order: `take` gives entries in the order they were accepted.
 * 2. A `state` entry that waits is superseded by the next value for its topic.
 * 3. Bounds on count and bytes are checked by `hasRoom` before `accept`.
 * 4. Every entry leaves exactly once, through `settle`.
 */

/** How a message's way to the broker ended. */
export type Outcome =
  /** `matched`: whether anybody subscribes to it; undefined when the broker does not say (MQTT 3.1.1). */
  | { readonly kind: "confirmed"; readonly matched: boolean | undefined }
  | {
      readonly kind: "undelivered";
      readonly reason: "expired" | "refused" | "poison" | "closed" | "dropped" | "superseded";
      readonly reasonCode?: number;
    };

export interface Outgoing {
  readonly id: string;
  readonly topic: string;
  /** The declared name: a label that does not grow with parameters. */
  readonly label: string;
  readonly payload: Uint8Array;
  readonly retain: boolean;
  /** Only the current value per topic matters. */
  readonly replaces: boolean;
  /** Monotonic ms after which it is not sent any more. */
  readonly giveUpAtMs: number;
  /** Monotonic ms after which nobody should act on it; what the broker is told. */
  readonly expiresAtMs: number;
  readonly acceptedAtMs: number;
  readonly correlationData?: Buffer | undefined;
  readonly settled: (outcome: Outcome, sent: "no" | "maybe") => void;
}

export interface OutboxEntry extends Outgoing {
  status: "waiting" | "inflight" | "settled";
  /** 0 until it was sent for the first time. */
  packetId: number;
  /** Times it was written to a socket. */
  sends: number;
  lastSentAtMs: number;
}

export interface OutboxBounds {
  readonly maxMessages: number;
  readonly maxBytes: number;
  /** Ids are drawn from 1 … this. */
  readonly maxPacketId: number;
}

/** Settled entries that may stay in the list before it is rebuilt. */
const SLACK = 256;

export class Outbox {
  readonly #bounds: OutboxBounds;
  #waiting: OutboxEntry[] = [];
  #head = 0;
  #gaps = 0;
  readonly #inflight = new Map<number, OutboxEntry>();
  readonly #packetIds = new Set<number>();
  readonly #stateOf = new Map<string, OutboxEntry>();
  #lastPacketId = 0;
  #messages = 0;
  #bytes = 0;

  constructor(bounds: OutboxBounds) {
    this.#bounds = bounds;
  }

  /** Messages accepted and not settled. */
  get messages(): number {
    return this.#messages;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get inflightCount(): number {
    return this.#inflight.size;
  }

  /** Under half of both bounds. */
  get isHalfEmpty(): boolean {
    return this.#messages * 2 < this.#bounds.maxMessages && this.#bytes * 2 < this.#bounds.maxBytes;
  }

  /** A value that replaces a waiting one of its topic always has room. */
  hasRoom(payloadBytes: number, replacing: string | undefined): boolean {
    const replaced = replacing === undefined ? undefined : this.#stateOf.get(replacing);
    const messages = this.#messages - (replaced === undefined ? 0 : 1);
    const bytes = this.#bytes - (replaced?.payload.byteLength ?? 0);
    return messages < this.#bounds.maxMessages && bytes + payloadBytes <= this.#bounds.maxBytes;
  }

  /** Queues behind everything else. A waiting value of the same `state` topic ends as superseded. */
  accept(outgoing: Outgoing): OutboxEntry {
    if (outgoing.replaces) {
      const replaced = this.#stateOf.get(outgoing.topic);
      if (replaced !== undefined) this.settle(replaced, { kind: "undelivered", reason: "superseded" });
    }
    const entry: OutboxEntry = { ...outgoing, status: "waiting", packetId: 0, sends: 0, lastSentAtMs: 0 };
    if (entry.replaces) this.#stateOf.set(entry.topic, entry);
    this.#waiting.push(entry);
    this.#messages += 1;
    this.#bytes += entry.payload.byteLength;
    return entry;
  }

  /** The next entry to send, without taking it. */
  peek(): OutboxEntry | undefined {
    for (;;) {
      const entry = this.#waiting[this.#head];
      if (entry === undefined || entry.status === "waiting") return entry;
      this.#head += 1;
      this.#gaps -= 1;
    }
  }

  /** Moves the next entry in flight under a packet id of its own; it keeps that id when it is sent again. */
  take(entry: OutboxEntry, nowMs: number): void {
    this.#head += 1;
    if (this.#head > SLACK && this.#head * 2 > this.#waiting.length) this.#rebuild();
    if (entry.packetId === 0) entry.packetId = this.#nextPacketId();
    entry.status = "inflight";
    entry.sends += 1;
    entry.lastSentAtMs = nowMs;
    if (this.#stateOf.get(entry.topic) === entry) this.#stateOf.delete(entry.topic);
    this.#inflight.set(entry.packetId, entry);
  }

  /** The PUBACK of this packet id came; undefined when nobody waits for it. */
  confirmed(packetId: number): OutboxEntry | undefined {
    return this.#inflight.get(packetId);
  }

  /** Ends an entry's life, wherever it is. */
  settle(entry: OutboxEntry, outcome: Outcome): void {
    if (entry.status === "settled") return;
    if (entry.status === "inflight") this.#inflight.delete(entry.packetId);
    else this.#gaps += 1;
    entry.status = "settled";
    this.#packetIds.delete(entry.packetId);
    if (this.#stateOf.get(entry.topic) === entry) this.#stateOf.delete(entry.topic);
    this.#messages -= 1;
    this.#bytes -= entry.payload.byteLength;
    if (this.#gaps > SLACK && this.#gaps * 2 > this.#waiting.length - this.#head) this.#rebuild();
    entry.settled(outcome, entry.sends === 0 ? "no" : "maybe");
  }

  /** What was in flight waits again, ahead of the rest. */
  connectionLost(): void {
    const again = [...this.#inflight.values()];
    this.#inflight.clear();
    for (const entry of again) entry.status = "waiting";
    this.#waiting = again.concat(this.#waiting.slice(this.#head).filter(isWaiting));
    this.#head = 0;
    this.#gaps = 0;
    this.#supersedeStale(again);
  }

  /** The broker has forgotten the session: what is sent again is sent as new. */
  sessionLost(): void {
    for (const entry of this.unsettled()) {
      this.#packetIds.delete(entry.packetId);
      entry.packetId = 0;
    }
  }

  /** In flight first, then waiting, each in order. */
  unsettled(): readonly OutboxEntry[] {
    return [...this.#inflight.values(), ...this.#waiting.slice(this.#head).filter(isWaiting)];
  }

  /** The earliest sent entry without PUBACK. */
  oldestInflight(): OutboxEntry | undefined {
    return this.#inflight.values().next().value;
  }

  /** A value that was in flight when a newer one of its topic was accepted need not be sent again. */
  #supersedeStale(again: readonly OutboxEntry[]): void {
    // Newest first: several values of one topic may have been in flight, and the last one stands.
    for (const entry of again.toReversed()) {
      if (!entry.replaces) continue;
      if (this.#stateOf.has(entry.topic)) this.settle(entry, { kind: "undelivered", reason: "superseded" });
      else this.#stateOf.set(entry.topic, entry);
    }
  }

  #rebuild(): void {
    this.#waiting = this.#waiting.slice(this.#head).filter(isWaiting);
    this.#head = 0;
    this.#gaps = 0;
  }

  #nextPacketId(): number {
    do {
      this.#lastPacketId = this.#lastPacketId >= this.#bounds.maxPacketId ? 1 : this.#lastPacketId + 1;
    } while (this.#packetIds.has(this.#lastPacketId));
    this.#packetIds.add(this.#lastPacketId);
    return this.#lastPacketId;
  }
}

function isWaiting(entry: OutboxEntry): boolean {
  return entry.status === "waiting";
}
