/**
 * Everything that comes in over one link: whom it is for, and when it is acknowledged.
 *
 * 1. A PUBACK goes out in wire order, only on the connection its PUBLISH came over (T15), and only when every
 *    subscription the packet was for has settled. On the control link it goes out on acceptance.
 * 2. What nobody wants is parked for 5 s after CONNACK, since a handler may be on its way; then acknowledged,
 *    counted, and unsubscribed from: an old version's filter would otherwise fill the window for ever.
 * 3. Unfinished messages are bounded; over the bound the link is closed until half of them are done.
 */
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Meter } from "../meter.ts";
import type { InboundPublish, Transport } from "../transport/transport.ts";
import { AckQueue, type AckSlot } from "./ack-queue.ts";
import { deliver } from "./deliver.ts";
import type { Arrival, DeliverDeps } from "./delivery.ts";
import { detached } from "./detached.ts";
import { filtersCovering } from "./orphan-filters.ts";
import type { SubscriptionRecord } from "./subscription.ts";
import type { SubscriptionTable } from "./subscription-table.ts";

const PARK_MS = 5_000;
/** Fewer than this after a drop under the bound opens the link again. */
const REOPEN_RATIO = 0.5;
const MAX_UNFINISHED = { messages: 65_536, bytes: 16 * 1024 * 1024 };

export interface ReceiverDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly isControl: boolean;
  readonly table: SubscriptionTable<SubscriptionRecord>;
  readonly deliver: DeliverDeps;
  readonly onOverfull: () => void;
  readonly onRoom: () => void;
}

interface Connection {
  readonly transport: Transport;
  readonly acks: AckQueue;
  readonly sendAck: (packetId: number) => void;
  readonly parkUntilMs: number;
}

/** A message that came. */
interface Tracked {
  readonly settle: () => void;
  isSettled: boolean;
}

interface Parked {
  readonly arrival: Arrival;
  readonly settle: () => void;
}

export class Receiver {
  readonly #deps: ReceiverDeps;
  #connection: Connection | undefined;
  #parked: Parked[] = [];
  #reconsidering = false;
  #cancelParking: (() => void) | undefined;
  /** Messages that came and are not settled. */
  #unfinished = 0;
  #unfinishedBytes = 0;
  #overfull = false;
  #closed = false;
  readonly #unsubscribed = new Set<string>();

  constructor(deps: ReceiverDeps) {
    this.#deps = deps;
  }

  connected(transport: Transport): void {
    const { clock } = this.#deps;
    this.#connection = {
      transport,
      acks: new AckQueue(),
      sendAck: (packetId) => transport.puback(packetId),
      parkUntilMs: clock.nowMs() + PARK_MS,
    };
    this.#unsubscribed.clear();
    this.#cancelParking = clock.setTimer(PARK_MS, () => this.#giveUpParked());
  }

  disconnected(): void {
    this.#connection = undefined;
    this.#cancelParking?.();
    // They were not acknowledged: the broker sends them again if the session lives.
    for (const { settle } of this.#parked.splice(0)) settle();
  }

  /** Starts no new message; what comes from now on stays unacknowledged. */
  stop(): void {
    this.#closed = true;
    this.#cancelParking?.();
  }

  receive(packet: InboundPublish): void {
    const connection = this.#connection;
    if (connection === undefined || this.#closed) return;
    const { clock, table, isControl, meter } = this.#deps;
    meter.count("messages_received");
    const arrival: Arrival = { packet, atMs: clock.nowMs() };
    const slot = packet.qos === 1 ? connection.acks.add(packet.packetId) : undefined;
    const records = table.match(packet.topic, packet.subscriptionIds);
    if (isControl) this.#acknowledge(connection, slot);
    const tracked = this.#track(packet, { connection, slot: isControl ? undefined : slot });
    if (records.length === 0) this.#park(connection, { arrival, settle: tracked.settle });
    else this.#deliverAll(records, arrival, tracked.settle);
    if (!tracked.isSettled) arrival.packet = detached(packet);
  }

  /** A subscription was added: something parked may be for it, and for those that are added in the same turn. */
  reconsider(): void {
    if (this.#parked.length === 0 || this.#reconsidering) return;
    this.#reconsidering = true;
    queueMicrotask(() => {
      this.#reconsidering = false;
      if (!this.#closed) this.#deliverParked();
    });
  }

  #deliverParked(): void {
    const { table } = this.#deps;
    for (const parked of this.#parked.splice(0)) {
      const { topic, subscriptionIds } = parked.arrival.packet;
      // Its identifier is that of the new subscription's filter, or it has none.
      const records = table.match(topic, subscriptionIds);
      if (records.length === 0) this.#parked.push(parked);
      else this.#deliverAll(records, parked.arrival, parked.settle);
    }
  }

  #deliverAll(records: readonly SubscriptionRecord[], arrival: Arrival, settle: () => void): void {
    const [only] = records;
    if (only !== undefined && records.length === 1) {
      deliver({ record: only, arrival, settle, deps: this.#deps.deliver });
      return;
    }
    let open = records.length;
    const settleOne = (): void => {
      open -= 1;
      if (open === 0) settle();
    };
    for (const record of records) deliver({ record, arrival, settle: settleOne, deps: this.#deps.deliver });
  }

  #acknowledge(connection: Connection, slot: AckSlot | undefined): void {
    if (slot === undefined || connection !== this.#connection) return;
    connection.acks.settle(slot, connection.sendAck);
  }

  /** Counts the message as unfinished until it is settled, which acknowledges it. */
  #track(
    packet: InboundPublish,
    { connection, slot }: { readonly connection: Connection; readonly slot: AckSlot | undefined },
  ): Tracked {
    const bytes = packet.payload.byteLength;
    this.#unfinished += 1;
    this.#unfinishedBytes += bytes;
    if (!this.#overfull && this.#isOver(1)) {
      this.#overfull = true;
      this.#deps.log.error(
        { messages: this.#unfinished, bytes: this.#unfinishedBytes },
        "too many unfinished messages, the link is closed",
      );
      this.#deps.onOverfull();
    }
    const settle = (): void => {
      tracked.isSettled = true;
      this.#unfinished -= 1;
      this.#unfinishedBytes -= bytes;
      this.#acknowledge(connection, slot);
      if (!this.#overfull || this.#isOver(REOPEN_RATIO)) return;
      this.#overfull = false;
      this.#deps.onRoom();
    };
    const tracked: Tracked = { settle, isSettled: false };
    return tracked;
  }

  #isOver(ratio: number): boolean {
    return this.#unfinished > MAX_UNFINISHED.messages * ratio || this.#unfinishedBytes > MAX_UNFINISHED.bytes * ratio;
  }

  #park(connection: Connection, parked: Parked): void {
    if (this.#deps.clock.nowMs() < connection.parkUntilMs) this.#parked.push(parked);
    else this.#giveUp(connection, parked);
  }

  #giveUpParked(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    for (const parked of this.#parked.splice(0)) this.#giveUp(connection, parked);
  }

  #giveUp({ transport }: Connection, { arrival, settle }: Parked): void {
    const { meter, log, table } = this.#deps;
    const { topic } = arrival.packet;
    meter.count("orphans");
    settle();
    if (this.#unsubscribed.has(topic) || this.#unsubscribed.size > 1_000) return;
    this.#unsubscribed.add(topic);
    const unwanted = filtersCovering(topic)?.filter((filter) => !table.has(filter));
    if (unwanted === undefined) {
      log.warn({ topic }, "messages nobody wants keep coming; the topic is too deep to unsubscribe from blindly");
      return;
    }
    log.info({ topic }, "a message nobody wants: unsubscribing from filters of an earlier session");
    transport.unsubscribe(unwanted).catch(() => undefined); // The connection ended: tried again when the next one comes.
  }
}
