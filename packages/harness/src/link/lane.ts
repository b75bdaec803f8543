import type { Writable } from "node:stream";
import type { Draft, LinkPacket } from "./record.ts";

/** What a lane writes to: a socket. */
export interface Sink extends Writable {
  resetAndDestroy(): unknown;
}

/** What a lane tells. */
export interface LaneEvents {
  /** The sink has taken so many bytes. */
  readonly onForwarded: (bytes: number, record: Draft<LinkPacket> | undefined) => void;
  /** Something left the queue. */
  readonly onRoom: () => void;
}

/** How the sender closed its side. */
export type Ending = "end" | "reset";

interface Segment {
  readonly dueAtMs: number;
  readonly content: { readonly bytes: Buffer; readonly record: Draft<LinkPacket> | undefined } | Ending;
  sentBytes: number;
}

/** One direction of one connection: what waits to go on, in order. Its road decides when. */
export class Lane {
  readonly sink: Sink;
  readonly #events: LaneEvents;
  readonly #queue: Segment[] = [];
  #queuedBytes = 0;
  #isDiscarded = false;

  constructor(sink: Sink, events: LaneEvents) {
    this.sink = sink;
    this.#events = events;
  }

  /** Bytes that wait. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** When the next thing may go on; undefined when nothing waits or the sink takes nothing. */
  get dueAtMs(): number | undefined {
    return this.sink.writableNeedDrain ? undefined : this.#queue[0]?.dueAtMs;
  }

  /** Puts a packet, or the sender's end, behind everything before it. */
  enqueue(content: Segment["content"], dueAtMs: number): void {
    if (this.#isDiscarded) return;
    if (typeof content === "object") this.#queuedBytes += content.bytes.length;
    this.#queue.push({ content, dueAtMs, sentBytes: 0 });
  }

  /** Lets the next thing go on, at most `mostBytes` of it; returns how many bytes went. */
  forward(mostBytes: number): number {
    const head = this.#queue[0];
    if (head === undefined) return 0;
    if (typeof head.content === "object") return this.#write(head, head.content, mostBytes);
    this.#queue.shift();
    if (head.content === "end") this.sink.end();
    else this.sink.resetAndDestroy();
    return 0;
  }

  /** Forgets what waits and takes no more. */
  discard(): void {
    this.#isDiscarded = true;
    this.#queue.length = 0;
    this.#queuedBytes = 0;
  }

  #write(head: Segment, { bytes, record }: Exclude<Segment["content"], Ending>, mostBytes: number): number {
    const slice = bytes.subarray(head.sentBytes, head.sentBytes + mostBytes);
    head.sentBytes += slice.length;
    this.#queuedBytes -= slice.length;
    if (head.sentBytes >= bytes.length) this.#queue.shift();
    this.sink.write(slice, (error) => {
      if (!error) this.#events.onForwarded(slice.length, record);
    });
    this.#events.onRoom();
    return slice.length;
  }
}
