/** What handlers get. Both are made anew for each attempt, as a message is the handler's to keep. */
import type { Received, ReceivedRaw } from "../api.ts";
import type { Delivery, MessageContent } from "./delivery.ts";
import type { LateSignal } from "./late-signal.ts";

interface Attempt {
  readonly attempt: number;
  readonly late: LateSignal;
}

/** One of a topic with a contract. */
export class ContractMessage implements Received<unknown> {
  readonly data: unknown;
  readonly params: Readonly<Record<string, string>>;
  readonly cleared: boolean;
  readonly error: Received<unknown>["error"];
  readonly sentAtMs: number | undefined;
  readonly topic: string;
  readonly id: string;
  readonly source: string;
  readonly correlationId: string | undefined;
  readonly retained: boolean;
  readonly redelivered: boolean;
  readonly attempt: number;
  readonly #late: LateSignal;

  constructor(delivery: Delivery, content: MessageContent, { attempt, late }: Attempt) {
    const { packet } = delivery.arrival;
    this.data = content.data;
    this.params = content.params;
    this.cleared = content.cleared;
    this.error = content.error;
    this.sentAtMs = content.sentAtMs;
    this.topic = packet.topic;
    this.id = delivery.id;
    this.source = delivery.source;
    this.correlationId = delivery.correlationId;
    this.retained = packet.retain;
    this.redelivered = packet.dup || attempt > 1;
    this.attempt = attempt;
    this.#late = late;
  }

  get signal(): AbortSignal {
    return this.#late.signal;
  }
}

/** One of a raw filter. */
export class RawMessage implements ReceivedRaw {
  /** A copy: what came in lies in memory that other packets share. */
  readonly payload: Uint8Array;
  readonly topic: string;
  readonly retained: boolean;
  readonly redelivered: boolean;
  readonly attempt: number;
  readonly #late: LateSignal;

  constructor({ arrival: { packet } }: Delivery, { attempt, late }: Attempt) {
    this.payload = new Uint8Array(packet.payload);
    this.topic = packet.topic;
    this.retained = packet.retain;
    this.redelivered = packet.dup || attempt > 1;
    this.attempt = attempt;
    this.#late = late;
  }

  get signal(): AbortSignal {
    return this.#late.signal;
  }
}
