/**
 * Keeps PUBACKs in the order in which the PUBLISH packets came, as MQTT demands (MQTT 5.0, 4.6). Pure.
 * One queue belongs to one connection: what a dead one still owed is owed no more (T15).
 */
export interface AckSlot {
  readonly packetId: number;
  isSettled: boolean;
}

export class AckQueue {
  #slots: AckSlot[] = [];
  #head = 0;

  /** Packets that came and are not acknowledged yet. */
  get unacknowledged(): number {
    return this.#slots.length - this.#head;
  }

  /** A packet came. */
  add(packetId: number): AckSlot {
    const slot: AckSlot = { packetId, isSettled: false };
    this.#slots.push(slot);
    return slot;
  }

  /** The packet is done with; returns the ids whose turn it is now, in order. */
  settle(slot: AckSlot): readonly number[] {
    slot.isSettled = true;
    const due: number[] = [];
    for (;;) {
      const next = this.#slots[this.#head];
      if (next === undefined || !next.isSettled) break;
      due.push(next.packetId);
      this.#head += 1;
    }
    if (this.#head > 64 && this.#head * 2 > this.#slots.length) {
      this.#slots = this.#slots.slice(this.#head);
      this.#head = 0;
    }
    return due;
  }
}
