/**
 * Asks and waits for the answer. Replies come over the control link: a full window of the data link must not hold
 * back the answer that would empty it.
 *
 * 1. The reply subscription is active on the control link's current connection before the request is queued.
 * 2. A reply is matched by `reply_to_id`, or without one by its own id; the first one wins, later ones are counted.
 * 3. Every request settles: answer, failure, deadline, abort, close.
 */
import type { WaitOptions } from "../api.ts";
import type { Clock } from "../clock.ts";
import { currentContext } from "../context.ts";
import { checkOutgoing, decodeMessage, type RequestPair, type Topic } from "../contract/index.ts";
import { ClientClosedError, RemoteError, RequestTimeoutError } from "../errors.ts";
import type { Meter } from "../meter.ts";
import { inSpan, type OpenSpan } from "../open-span.ts";
import type { OutboxEntry } from "../publish/outbox.ts";
import { type Publisher, sentOf } from "../publish/publisher.ts";
import type { Reach } from "../receive/subscription.ts";
import { waitFor } from "../wait-for.ts";
import { ReplySource } from "./reply-source.ts";

const REQUEST_TIMEOUT_MS = 5_000;

export interface RequesterDeps {
  readonly clock: Clock;
  readonly meter: Meter;
  readonly clientId: string;
  readonly nextId: () => string;
  readonly publisher: Publisher;
  /** Subscribes to replies; `reached` is told how the subscription stands on each connection. */
  readonly listen: (
    reply: Topic<unknown, unknown, never>,
    reader: { readonly intake: (payload: Uint8Array) => void; readonly reached: (reach: Reach) => void },
  ) => { readonly stop: () => Promise<void> };
}

interface Pending {
  readonly resolve: (data: unknown) => void;
  readonly reject: (error: Error) => void;
}

export type RequestOptions = WaitOptions & { readonly correlationId?: string };

export class Requester {
  readonly #deps: RequesterDeps;
  readonly #pending = new Map<string, Pending>();
  readonly #sources = new Map<string, ReplySource>();
  #closed: ClientClosedError | undefined;

  constructor(deps: RequesterDeps) {
    this.#deps = deps;
  }

  async request(pair: RequestPair, data: unknown, options: RequestOptions): Promise<unknown> {
    const { meter, nextId } = this.#deps;
    const id = nextId();
    if (!meter.wantsSpans) return this.#ask(pair, data, { ...options, id });
    const around = currentContext();
    const context = {
      correlationId: options.correlationId ?? around?.correlationId,
      traceparent: around?.traceparent,
    };
    const span = meter.open({ kind: "request", topic: pair.request.name, id, ...context });
    if (span === undefined) return this.#ask(pair, data, { ...options, id });
    return inSpan(span, context, () => endWith(span, this.#ask(pair, data, { ...options, id })));
  }

  async #ask(
    pair: RequestPair,
    data: unknown,
    { id, timeoutMs = REQUEST_TIMEOUT_MS, signal, correlationId }: RequestOptions & { readonly id: string },
  ): Promise<unknown> {
    if (this.#closed !== undefined) throw this.#closed;
    const { clock, meter } = this.#deps;
    const source = this.#listen(pair.reply);
    // What cannot be sent is told at once, however long the link is away.
    if (!source.isActive) checkOutgoing(pair.request, data);
    const answer = Promise.withResolvers<unknown>();
    const active = Promise.withResolvers<void>();
    this.#pending.set(id, answer);
    const startedAtMs = clock.nowMs();
    let entry: OutboxEntry | undefined;
    const timeoutError = (): Error => {
      const sent = entry === undefined ? "no" : sentOf(entry);
      return new RequestTimeoutError({ topic: pair.request.filter, timeoutMs, sent });
    };
    const send = async (): Promise<void> => {
      if (!source.isActive) {
        source.wait(active);
        await active.promise;
      }
      const leftMs = timeoutMs - (clock.nowMs() - startedAtMs);
      if (this.#pending.has(id) && leftMs > 0) entry = this.#publish(pair, data, { id, ttlMs: leftMs, correlationId });
    };
    const onGivenUp = (): void => {
      if (entry !== undefined) this.#deps.publisher.withdrawUnsent(pair.request, entry);
    };
    send().catch(answer.reject);
    try {
      return await waitFor(answer.promise, { clock, timeoutMs, signal, onTimeout: timeoutError, onGivenUp });
    } finally {
      this.#pending.delete(id);
      source.giveUp(active);
      meter.duration("request_ms", clock.nowMs() - startedAtMs, { topic: pair.request.name });
    }
  }

  close(): void {
    this.#closed = new ClientClosedError({ clientId: this.#deps.clientId });
    for (const { reject } of this.#pending.values()) reject(this.#closed);
    this.#pending.clear();
  }

  #publish(
    pair: RequestPair,
    data: unknown,
    options: { readonly id: string; readonly ttlMs: number; readonly correlationId: string | undefined },
  ): OutboxEntry | undefined {
    const { id, ttlMs, correlationId } = options;
    return this.#deps.publisher.publish(pair.request, data, {
      id,
      ttlMs,
      isInternal: true,
      ...(correlationId !== undefined && { correlationId }),
    }).entry;
  }

  #listen(reply: RequestPair["reply"]): ReplySource {
    const known = this.#sources.get(reply.filter);
    if (known !== undefined) return known;
    const source = new ReplySource({
      // The next question subscribes again: by then the broker may have changed its mind.
      onRefused: () => {
        this.#sources.delete(reply.filter);
        void subscription.stop();
      },
    });
    this.#sources.set(reply.filter, source);
    const subscription = this.#deps.listen(reply, {
      intake: (payload) => this.#take(reply, payload),
      reached: (reach) => source.reached(reach),
    });
    return source;
  }

  #take(reply: RequestPair["reply"], payload: Uint8Array): void {
    const decoded = decodeMessage(reply, payload);
    const envelope = decoded.envelope;
    // The reference knows no reply_to_id: its answer bears the id of the question.
    const asked = envelope?.reply_to_id ?? envelope?.id ?? "";
    const pending = this.#pending.get(asked);
    if (envelope === undefined || pending === undefined) {
      this.#deps.meter.count("replies_unmatched", { topic: reply.name });
      return;
    }
    this.#pending.delete(asked);
    if (envelope.error !== undefined) {
      pending.reject(
        new RemoteError({ topic: reply.filter, remoteCode: envelope.error.code, message: envelope.error.message }),
      );
    } else if (decoded.ok) {
      pending.resolve(decoded.data);
    } else {
      const message = decoded.problems.map(({ path, reason }) => `${path} ${reason}`.trim()).join("; ");
      pending.reject(new RemoteError({ topic: reply.filter, remoteCode: "bad_reply", message }));
    }
  }
}

async function endWith(span: OpenSpan, asking: Promise<unknown>): Promise<unknown> {
  try {
    const answer = await asking;
    span.end({ outcome: "answered", isFailure: false });
    return answer;
  } catch (error) {
    span.end({ outcome: "failed", isFailure: true });
    throw error;
  }
}
