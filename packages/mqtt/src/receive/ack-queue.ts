/**
 * Keeps PUBACKs in the order in which the PUBLISH packets came, as MQTT demands (MQTT 5.0, 4.6). Pure.
 * One queue belongs to one connection: what a dead one still owed is owed no more (T15).
 */
import { Fifo } from "../fifo.ts";

export interface AckSlot {
  readonly packetId: number;
  isSettled: boolean;
}

export class AckQueue {
  readonly #slots = new Fifo<AckSlot>();

  /** Packets that came and are not acknowledged yet. */
  get unacknowledged(): number {
    return this.#slots.length;
  }

  /** A packet came. */
  add(packetId: number): AckSlot {
    const slot: AckSlot = { packetId, isSettled: false };
    this.#slots.push(slot);
    return slot;
  }

  /** The packet is done with; `send` gets the ids whose turn it is now, in order. */
  settle(slot: AckSlot, send: (packetId: number) => void): void {
    slot.isSettled = true;
    for (let next = this.#slots.peek(); next?.isSettled === true; next = this.#slots.peek()) {
      this.#slots.shift();
      send(next.packetId);
    }
  }
}
