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

import type { Priority } from "../contract/index.ts";
import { PacketTable } from "./packet-table.ts";
import { PassingQueue } from "./passing-queue.ts";

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
  /** The contract that it was published under, when it was. */
  readonly contract?: EndedContract | undefined;
  readonly settled: (outcome: Outcome, sent: "no" | "maybe", entry: OutboxEntry) => void;
}

/** Bytes of our own making, on their way to the outbox. */
export interface Letter extends Pick<Outgoing, "id" | "topic" | "label" | "payload"> {
  readonly settled: (outcome: Outcome, sent: "no" | "maybe") => void;
}

/** What a contract says about a message's end. */
export interface EndedContract {
  readonly name: string;
  readonly priority: Priority;
  readonly durable: boolean;
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

export class Outbox {
  readonly #bounds: OutboxBounds;
  readonly #waiting = new PassingQueue<OutboxEntry>(isWaiting);
  /** In the order in which they were sent. */
  readonly #inflight = new PassingQueue<OutboxEntry>(isInflight);
  #inflightCount = 0;
  /** Whatever was sent on this session and is not settled. */
  readonly #numbered = new PacketTable<OutboxEntry>();
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
    return this.#inflightCount;
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
    // Member by member: a spread costs several times as much.
    const entry: OutboxEntry = {
      id: outgoing.id,
      topic: outgoing.topic,
      label: outgoing.label,
      payload: outgoing.payload,
      retain: outgoing.retain,
      replaces: outgoing.replaces,
      giveUpAtMs: outgoing.giveUpAtMs,
      expiresAtMs: outgoing.expiresAtMs,
      acceptedAtMs: outgoing.acceptedAtMs,
      correlationData: outgoing.correlationData,
      contract: outgoing.contract,
      settled: outgoing.settled,
      status: "waiting",
      packetId: 0,
      sends: 0,
      lastSentAtMs: 0,
    };
    if (entry.replaces) this.#stateOf.set(entry.topic, entry);
    this.#waiting.push(entry);
    this.#messages += 1;
    this.#bytes += entry.payload.byteLength;
    return entry;
  }

  /** The next entry to send, without taking it. */
  peek(): OutboxEntry | undefined {
    return this.#waiting.peek();
  }

  /** Moves the next entry in flight under a packet id of its own; it keeps that id when it is sent again. */
  take(entry: OutboxEntry, nowMs: number): void {
    if (entry.packetId === 0) {
      entry.packetId = this.#nextPacketId();
      this.#numbered.add(entry);
    }
    entry.status = "inflight";
    entry.sends += 1;
    entry.lastSentAtMs = nowMs;
    if (entry.replaces && this.#stateOf.get(entry.topic) === entry) this.#stateOf.delete(entry.topic);
    this.#waiting.shift();
    this.#inflight.push(entry);
    this.#inflightCount += 1;
  }

  /** The PUBACK of this packet id came; undefined when nobody waits for it. */
  confirmed(packetId: number): OutboxEntry | undefined {
    const entry = this.#numbered.get(packetId);
    return entry?.status === "inflight" ? entry : undefined;
  }

  /** Ends an entry's life, wherever it is. */
  settle(entry: OutboxEntry, outcome: Outcome): void {
    const { status } = entry;
    if (status === "settled") return;
    entry.status = "settled";
    if (status === "inflight") {
      this.#inflightCount -= 1;
      this.#inflight.left();
    } else {
      this.#waiting.left();
    }
    if (entry.packetId !== 0) this.#numbered.remove(entry);
    if (entry.replaces && this.#stateOf.get(entry.topic) === entry) this.#stateOf.delete(entry.topic);
    this.#messages -= 1;
    this.#bytes -= entry.payload.byteLength;
    entry.settled(outcome, entry.sends === 0 ? "no" : "maybe", entry);
  }

  /** What was in flight waits again, ahead of the rest. */
  connectionLost(): void {
    const again = [...this.#inflight.all()];
    const rest = this.#waiting.all();
    for (const entry of again) entry.status = "waiting";
    this.#inflight.replace([]);
    this.#inflightCount = 0;
    this.#waiting.replace([...again, ...rest]);
    this.#supersedeStale(again);
  }

  /** The broker has forgotten the session: what is sent again is sent as new. */
  sessionLost(): void {
    for (const entry of this.unsettled()) {
      this.#numbered.remove(entry);
      entry.packetId = 0;
    }
  }

  /** In flight first, then waiting, each in order. */
  unsettled(): readonly OutboxEntry[] {
    return [...this.#inflight.all(), ...this.#waiting.all()];
  }

  /** The earliest sent entry without PUBACK. */
  oldestInflight(): OutboxEntry | undefined {
    return this.#inflight.peek();
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

  #nextPacketId(): number {
    do {
      this.#lastPacketId = this.#lastPacketId >= this.#bounds.maxPacketId ? 1 : this.#lastPacketId + 1;
    } while (this.#numbered.get(this.#lastPacketId) !== undefined);
    return this.#lastPacketId;
  }
}

function isWaiting({ status }: OutboxEntry): boolean {
  return status === "waiting";
}

function isInflight({ status }: OutboxEntry): boolean {
  return status === "inflight";
}
