/**
 * Brings the outbox of one link to the broker: send window, expiry, resending, streams.
 *
 * 1. At most `window` messages are unacknowledged, never more than the broker's Receive Maximum (T7).
 * 2. Nothing is written while the socket holds more than 64 KiB that the system has not taken.
 * 3. After a reconnect what was in flight goes first, in order; as duplicates only if the session is still there.
 */
import type { Clock } from "../clock.ts";
import { LinkError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Meter } from "../meter.ts";
import type { Connack, Ended, Transport } from "../transport/transport.ts";
import { Outbox, type OutboxBounds, type OutboxEntry, type Outcome, type Outgoing } from "./outbox.ts";
import { type Suspicion, standsAlone, step, UNSUSPECTED } from "./poison.ts";
import { type StreamMessage, StreamQueue } from "./stream-queue.ts";

/** Above this a link is busy: more would only wait in the socket, where nothing can overtake or expire it. */
const SOCKET_BUSY_BYTES = 64 * 1024;
/** PUBACK reasons (MQTT 5.0, 3.4.2.1). */
const NO_MATCHING_SUBSCRIBERS = 0x10;
const TOO_LARGE = 0x95;
/** How often messages that wait are looked through for expired ones. */
const SWEEP_MS = 250;
/** A broker that takes messages and confirms none for this long is as good as gone: the link is reset. */
const PUBACK_STALL_MS = 30_000;
const STREAM_BOUNDS = { maxMessages: 256, maxBytes: 1024 * 1024 };
/** MQTT 5.0, 3.3.2.3.3: four bytes. */
const MAX_EXPIRY_SEC = 0xffff_ffff;
/** Fixed header, topic length, packet id and the properties we send. */
const PACKET_OVERHEAD_BYTES = 32;

export interface SenderDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly bounds: OutboxBounds;
  readonly window: number;
}

interface Wire {
  readonly transport: Transport;
  readonly window: number;
  readonly maximumPacketBytes: number;
  readonly sessionPresent: boolean;
}

export class Sender {
  readonly outbox: Outbox;
  readonly #deps: SenderDeps;
  readonly #streams = new StreamQueue(STREAM_BOUNDS);
  #wire: Wire | undefined;
  #suspicion: Suspicion = UNSUSPECTED;
  #lastPubackAtMs = 0;
  #pumpPlanned = false;
  #cancelSweep: (() => void) | undefined;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
    this.outbox = new Outbox(deps.bounds);
  }

  /** The largest packet the broker of this connection takes. */
  get maximumPacketBytes(): number {
    return this.#wire?.maximumPacketBytes ?? Number.POSITIVE_INFINITY;
  }

  /** A QoS 1 message written within the last second and still unacknowledged. */
  get hasFreshInflight(): boolean {
    const head = this.outbox.oldestInflight();
    return head !== undefined && this.#deps.clock.nowMs() - head.lastSentAtMs <= 1_000;
  }

  enqueue(outgoing: Outgoing): OutboxEntry {
    const entry = this.outbox.accept(outgoing);
    this.#planSweep();
    this.#planPump();
    return entry;
  }

  stream(message: StreamMessage): void {
    if (this.#wire === undefined) {
      this.#drop([message], "offline");
      return;
    }
    this.#drop(this.#streams.push(message), "overflow");
    this.#planPump();
  }

  connected(transport: Transport, connack: Connack): void {
    if (!connack.sessionPresent) this.outbox.sessionLost();
    this.#wire = {
      transport,
      window: Math.max(1, Math.min(this.#deps.window, connack.receiveMaximum)),
      maximumPacketBytes: connack.maximumPacketBytes ?? Number.POSITIVE_INFINITY,
      sessionPresent: connack.sessionPresent,
    };
    this.#planPump();
  }

  disconnected(ended: Ended): void {
    if (this.#wire === undefined) return;
    this.#wire = undefined;
    const head = this.outbox.oldestInflight();
    const [next, poisonId] = step(this.#suspicion, {
      type: "ended",
      byPeer: ended.byPeer,
      head: head && { id: head.id, sinceSentMs: this.#deps.clock.nowMs() - head.lastSentAtMs },
    });
    this.#suspicion = next;
    if (head !== undefined && head.id === poisonId) this.#setAside(head);
    this.outbox.connectionLost();
    this.#drop(this.#streams.drain(), "offline");
    this.#planSweep();
  }

  puback(packetId: number, reasonCode: number): void {
    const { clock, meter } = this.#deps;
    const nowMs = clock.nowMs();
    this.#lastPubackAtMs = nowMs;
    const entry = this.outbox.confirmed(packetId);
    if (entry === undefined) {
      meter.count("unexpected_pubacks");
      return;
    }
    if (this.#suspicion.kind !== "none") {
      this.#suspicion = step(this.#suspicion, { type: "confirmed", id: entry.id })[0];
    }
    if (!meter.isSilent) meter.duration("publish_ms", nowMs - entry.acceptedAtMs, { topic: entry.label });
    this.outbox.settle(entry, outcomeOf(reasonCode, { isV5: this.#isV5 }));
    this.#planPump();
  }

  drained(): void {
    this.#planPump();
  }

  /** Settles all that is left. */
  close(): void {
    this.#wire = undefined;
    this.#cancelSweep?.();
    this.#cancelSweep = undefined;
    this.#drop(this.#streams.drain(), "closed");
    for (const entry of this.outbox.unsettled()) this.outbox.settle(entry, { kind: "undelivered", reason: "closed" });
  }

  get #isV5(): boolean {
    return this.#wire?.transport.protocol === "5";
  }

  #planPump(): void {
    if (this.#pumpPlanned || this.#wire === undefined) return;
    this.#pumpPlanned = true;
    queueMicrotask(() => {
      this.#pumpPlanned = false;
      if (this.#wire !== undefined) this.#pump(this.#wire);
    });
  }

  #pump(wire: Wire): void {
    // One reading of the clock for what leaves in one go.
    const nowMs = this.#deps.clock.nowMs();
    while (wire.transport.writableBytes < SOCKET_BUSY_BYTES) {
      if (this.#sendNext(wire, nowMs)) continue;
      const message = this.#streams.shift();
      if (message === undefined) return;
      this.#writeStream(wire, message, nowMs);
    }
  }

  /** Sends or settles the entry at the head; false when there is none or the window is full. */
  #sendNext(wire: Wire, nowMs: number): boolean {
    const entry = this.outbox.peek();
    if (entry === undefined) return false;
    const rejection = this.#rejection(entry, wire, nowMs);
    if (rejection !== undefined) {
      this.outbox.settle(entry, rejection);
      return true;
    }
    if (this.outbox.inflightCount >= this.#windowFor(entry, wire)) return false;
    const dup = entry.packetId !== 0 && wire.sessionPresent;
    this.outbox.take(entry, nowMs);
    wire.transport.publish({
      topic: entry.topic,
      payload: entry.payload,
      qos: 1,
      dup,
      retain: entry.retain,
      packetId: entry.packetId,
      expirySec: secondsUntil(entry.expiresAtMs, nowMs),
      contentType: undefined,
      correlationData: entry.correlationData,
    });
    return true;
  }

  #windowFor({ id }: OutboxEntry, { window }: Wire): number {
    if (this.#suspicion.kind !== "alone") return window;
    return standsAlone(this.#suspicion, { nextId: id, inflightId: this.outbox.oldestInflight()?.id }) ? 1 : window;
  }

  #rejection(entry: OutboxEntry, wire: Wire, nowMs: number): Outcome | undefined {
    if (entry.giveUpAtMs <= nowMs) return { kind: "undelivered", reason: "expired" };
    if (fits(entry, wire)) return undefined;
    return { kind: "undelivered", reason: "refused", reasonCode: TOO_LARGE };
  }

  #writeStream(wire: Wire, message: StreamMessage, nowMs: number): void {
    const { transport } = wire;
    if (!fits(message, wire)) {
      this.#drop([message], "too_large");
      return;
    }
    if (message.expiresAtMs <= nowMs) {
      this.#drop([message], "expired");
      return;
    }
    transport.publish({
      topic: message.topic,
      payload: message.payload,
      qos: 0,
      dup: false,
      retain: false,
      packetId: 0,
      expirySec: secondsUntil(message.expiresAtMs, nowMs),
      contentType: undefined,
      correlationData: undefined,
    });
  }

  #setAside(entry: OutboxEntry): void {
    this.#deps.log.error(
      { topic: entry.topic, id: entry.id, bytes: entry.payload.byteLength },
      "message set aside: the broker closes the connection whenever it gets it",
    );
    this.outbox.settle(entry, { kind: "undelivered", reason: "poison" });
  }

  #drop(messages: readonly StreamMessage[], reason: string): void {
    for (const { label } of messages) this.#deps.meter.count("stream_dropped", { topic: label, reason });
  }

  #planSweep(): void {
    if (this.#cancelSweep !== undefined || this.outbox.messages === 0) return;
    this.#cancelSweep = this.#deps.clock.setTimer(SWEEP_MS, () => {
      this.#cancelSweep = undefined;
      this.#sweep();
      this.#planSweep();
    });
  }

  /** Ends what waits past its time; what is in flight is left to its PUBACK while the connection stands. */
  #sweep(): void {
    const nowMs = this.#deps.clock.nowMs();
    for (const entry of this.outbox.unsettled()) {
      if (entry.status === "waiting" && entry.giveUpAtMs <= nowMs) {
        this.outbox.settle(entry, { kind: "undelivered", reason: "expired" });
      }
    }
    this.#resetWhenStalled(nowMs);
  }

  #resetWhenStalled(nowMs: number): void {
    const head = this.outbox.oldestInflight();
    if (head === undefined || nowMs - Math.max(head.lastSentAtMs, this.#lastPubackAtMs) < PUBACK_STALL_MS) return;
    this.#wire?.transport.destroy(
      new LinkError({ what: `the broker confirmed nothing for ${PUBACK_STALL_MS / 1_000} s` }),
    );
  }
}

const CONFIRMED: Outcome = Object.freeze({ kind: "confirmed", matched: undefined });
const MATCHED: Outcome = Object.freeze({ kind: "confirmed", matched: true });
const UNMATCHED: Outcome = Object.freeze({ kind: "confirmed", matched: false });

function outcomeOf(reasonCode: number, { isV5 }: { readonly isV5: boolean }): Outcome {
  if (reasonCode >= 0x80) return { kind: "undelivered", reason: "refused", reasonCode };
  if (!isV5) return CONFIRMED;
  return reasonCode === NO_MATCHING_SUBSCRIBERS ? UNMATCHED : MATCHED;
}

/** A packet over the broker's maximum would cost the connection. */
function fits({ topic, payload }: Pick<StreamMessage, "topic" | "payload">, { maximumPacketBytes }: Wire): boolean {
  if (maximumPacketBytes === Number.POSITIVE_INFINITY) return true;
  return payload.byteLength + Buffer.byteLength(topic) + PACKET_OVERHEAD_BYTES <= maximumPacketBytes;
}

/** Whole seconds for the broker, rounded up so that rounding never shortens a life; undefined when it has no end. */
function secondsUntil(expiresAtMs: number, nowMs: number): number | undefined {
  if (!Number.isFinite(expiresAtMs)) return undefined;
  return Math.min(MAX_EXPIRY_SEC, Math.max(1, Math.ceil((expiresAtMs - nowMs) / 1_000)));
}
