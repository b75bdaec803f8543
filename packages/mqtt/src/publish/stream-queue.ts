/**
 * QoS 0 messages between `publish` and the socket. Pure.
 *
 * Bounded by count and bytes; over either, the oldest of the same key goes, and without one the oldest of all:
 * a stream's newest value is worth more than its history.
 */
export interface StreamMessage {
  readonly topic: string;
  readonly label: string;
  readonly payload: Uint8Array;
  readonly key: string;
  readonly expiresAtMs: number;
}

const NONE: readonly StreamMessage[] = Object.freeze([]);

export class StreamQueue {
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  #messages: StreamMessage[] = [];
  #bytes = 0;

  constructor(bounds: { readonly maxMessages: number; readonly maxBytes: number }) {
    this.#maxMessages = bounds.maxMessages;
    this.#maxBytes = bounds.maxBytes;
  }

  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  /** Queues a message and returns what had to go for it. */
  push(message: StreamMessage): readonly StreamMessage[] {
    this.#messages.push(message);
    this.#bytes += message.payload.byteLength;
    if (!this.#isOver) return NONE;
    const dropped: StreamMessage[] = [];
    while (this.#isOver) {
      const sameKey = this.#messages.findIndex(({ key }) => key === message.key);
      dropped.push(...this.#remove(sameKey === this.#messages.length - 1 ? 0 : sameKey));
    }
    return dropped;
  }

  /** The oldest message, taken out. */
  shift(): StreamMessage | undefined {
    const message = this.#messages.shift();
    if (message !== undefined) this.#bytes -= message.payload.byteLength;
    return message;
  }

  /** Everything, taken out: nothing is kept while offline. */
  drain(): readonly StreamMessage[] {
    const all = this.#messages;
    this.#messages = [];
    this.#bytes = 0;
    return all;
  }

  get #isOver(): boolean {
    return this.#messages.length > this.#maxMessages || this.#bytes > this.#maxBytes;
  }

  #remove(index: number): readonly StreamMessage[] {
    const removed = this.#messages.splice(index, 1);
    for (const { payload } of removed) this.#bytes -= payload.byteLength;
    return removed;
  }
}
