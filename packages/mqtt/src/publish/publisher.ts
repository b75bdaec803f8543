/** From `publish` to the outbox of the right link, and from there to whoever waits for the outcome. */
import type { MessageId, PublishOptions, WaitOptions } from "../api.ts";
import type { Clock } from "../clock.ts";
import { currentContext } from "../context.ts";
import { type ConcreteTopic, encodeMessage, isValidTopicName, type MessageMeta } from "../contract/index.ts";
import { ClientClosedError, OutboxFullError, PayloadTooLargeError, UndeliveredError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Meter } from "../meter.ts";
import type { ResolvedOptions } from "../resolve-options.ts";
import { waitFor } from "../wait-for.ts";
import type { DurableMessages } from "./durable-messages.ts";
import type { Letter, OutboxEntry, Outcome, Outgoing } from "./outbox.ts";
import type { InternalPublishOptions, Published } from "./published.ts";
import { type EndedMessage, reportUndelivered } from "./report-undelivered.ts";
import type { Sender } from "./sender.ts";
import { publishTraced } from "./traced-publish.ts";

/** On the control link nothing is stored: what could not be sent within this fails loudly. */
const CONTROL_AGE_MS = 2_000;
const CONFIRM_TIMEOUT_MS = 10_000;

export interface PublisherDeps {
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly nextId: () => string;
  readonly durable: DurableMessages;
  /** The sender for a priority; opens the control link on first use. */
  readonly senderFor: (priority: "normal" | "high") => Sender;
}

/** A message that is encoded and not queued yet. */
interface Draft {
  readonly topic: ConcreteTopic;
  /** Where it goes: the topic's own name, but for replies to foreign peers. */
  readonly address: string;
  readonly id: MessageId;
  readonly data: unknown;
  readonly payload: Uint8Array;
  readonly options: InternalPublishOptions;
}

export class Publisher {
  readonly #deps: PublisherDeps;
  readonly #waiters = new Set<{ readonly open: Set<string>; readonly done: () => void }>();
  #roomWaiters: readonly { readonly sender: Sender; readonly done: () => void }[] = [];
  /** The last topic that was found to be one; a publisher has few. */
  #validTopic: string | undefined;
  #closed = false;

  constructor(deps: PublisherDeps) {
    this.#deps = deps;
  }

  publish(topic: ConcreteTopic, data: unknown, options: InternalPublishOptions = {}): Published {
    const { meter, nextId } = this.#deps;
    if (!meter.wantsSpans || topic.wire === "binary") return this.#accept(topic, data, options);
    const { id = nextId() } = options;
    return publishTraced({ ...options, topic: topic.name, id }, meter, (traced) => this.#accept(topic, data, traced));
  }

  #accept(topic: ConcreteTopic, data: unknown, options: InternalPublishOptions): Published {
    this.#checkOpen();
    if (topic.filter !== this.#validTopic && !isValidTopicName(topic.filter)) {
      throw new TypeError(
        `Cannot publish to ${topic.filter}: bind its parameters with at(), wildcards are for subscribing`,
      );
    }
    this.#validTopic = topic.filter;
    const id = options.id ?? this.#deps.nextId();
    const payload = encodeMessage(topic, data, this.#meta(id, options));
    return this.#queue({ topic, address: options.address ?? topic.filter, id, data, payload, options });
  }

  /** Publishes an empty retained message: the broker forgets the topic's value. */
  clear(topic: ConcreteTopic): MessageId {
    this.#checkOpen();
    if (topic.delivery !== "state") throw new TypeError(`${topic.filter} is no state; only a state can be cleared`);
    const payload = new Uint8Array();
    return this.#queue({ topic, address: topic.filter, id: this.#deps.nextId(), data: undefined, payload, options: {} })
      .id;
  }

  /** Bytes of our own making, retained when asked; `onUndelivered` is not told. */
  raw(outgoing: Letter): void {
    this.#checkOpen();
    const sender = this.#deps.senderFor("normal");
    const nowMs = this.#deps.clock.nowMs();
    if (!sender.outbox.hasRoom(outgoing.payload.byteLength, outgoing.topic)) throw this.#full(outgoing.topic, sender);
    sender.enqueue({
      ...outgoing,
      retain: true,
      replaces: true,
      acceptedAtMs: nowMs,
      giveUpAtMs: nowMs + this.#deps.options.outboxBounds.maxAgeMs,
      expiresAtMs: Number.POSITIVE_INFINITY,
      settled: (outcome, sent) => {
        outgoing.settled(outcome, sent);
        this.#wake(outgoing.id);
      },
    });
  }

  async publishConfirmed(
    topic: ConcreteTopic,
    data: unknown,
    { timeoutMs = CONFIRM_TIMEOUT_MS, signal, ...options }: PublishOptions & WaitOptions,
  ): Promise<{ readonly id: MessageId; readonly matched?: boolean }> {
    signal?.throwIfAborted();
    const settled = Promise.withResolvers<{ readonly outcome: Outcome; readonly sent: "no" | "maybe" }>();
    const { id, entry } = this.publish(topic, data, {
      ...options,
      onSettled: (outcome, sent) => settled.resolve({ outcome, sent }),
    });
    if (entry === undefined) return { id };
    const address = topic.filter;
    const { outcome, sent } = await waitFor(settled.promise, {
      clock: this.#deps.clock,
      timeoutMs,
      signal,
      onTimeout: () => new UndeliveredError({ topic: address, id, reason: "timeout", sent: sentOf(entry) }),
      onGivenUp: () => this.withdrawUnsent(topic, entry),
    });
    if (outcome.kind === "undelivered")
      throw new UndeliveredError({ topic: address, id, reason: outcome.reason, reasonCode: outcome.reasonCode, sent });
    return { id, ...(outcome.matched !== undefined && { matched: outcome.matched }) };
  }

  /** Takes a message back that was never written; one that was is left to its end. */
  withdrawUnsent({ priority }: ConcreteTopic, entry: OutboxEntry): void {
    if (sentOf(entry) === "maybe") return;
    this.#deps.senderFor(priority).outbox.settle(entry, { kind: "undelivered", reason: "expired" });
  }

  /** Resolves when nothing of what is queued now is open. */
  async flush(
    senders: readonly Sender[],
    { timeoutMs, signal }: Required<Pick<WaitOptions, "timeoutMs">> & { readonly signal: AbortSignal | undefined },
  ): Promise<void> {
    const open = new Set(senders.flatMap(({ outbox }) => outbox.unsettled().map(({ id }) => id)));
    if (open.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { open, done: resolve };
    this.#waiters.add(waiter);
    const onTimeout = () =>
      new DOMException(`${waiter.open.size} messages were not confirmed within ${timeoutMs} ms.`, "TimeoutError");
    try {
      await waitFor(promise, { clock: this.#deps.clock, timeoutMs, signal, onTimeout });
    } finally {
      this.#waiters.delete(waiter);
    }
  }

  async room(topic: ConcreteTopic, { timeoutMs = CONFIRM_TIMEOUT_MS, signal }: WaitOptions): Promise<void> {
    this.#checkOpen();
    const sender = this.#deps.senderFor(topic.priority);
    if (sender.outbox.isHalfEmpty) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { sender, done: resolve };
    this.#roomWaiters = [...this.#roomWaiters, waiter];
    const onTimeout = () => this.#full(topic.filter, sender);
    try {
      await waitFor(promise, { clock: this.#deps.clock, timeoutMs, signal, onTimeout });
    } finally {
      this.#roomWaiters = this.#roomWaiters.filter((other) => other !== waiter);
    }
    this.#checkOpen();
  }

  /** Queues what an earlier life of this client stored, ahead of all that is published from now on. */
  resume(): void {
    this.#deps.durable.resume(this.#deps.senderFor("normal"), ({ id, topic, label }, outcome) => {
      this.#told({ id, address: topic, topic: { name: label, priority: "normal", durable: true } }, outcome);
      this.#wake(id);
    });
  }

  close(): void {
    this.#closed = true;
    for (const { done } of this.#roomWaiters) done();
    // A flush ends when the senders, which close next, have told the end of each message.
  }

  #queue(draft: Draft): Published {
    const { topic, id } = draft;
    const sender = this.#deps.senderFor(topic.priority);
    this.#checkSize(draft, sender);
    const nowMs = this.#deps.clock.nowMs();
    const expiresAtMs = this.#expiryOf(draft, nowMs);
    this.#deps.meter.count("messages_published", { topic: topic.name });
    if (topic.delivery !== "stream") return { id, entry: this.#enqueue(draft, { sender, nowMs, expiresAtMs }) };
    const { address, data, payload } = draft;
    const key = topic.key({ data, params: topic.bound, topic: address, id });
    sender.stream({ topic: address, label: topic.name, payload, key, expiresAtMs });
    return { id };
  }

  #enqueue(
    draft: Draft,
    { sender, nowMs, expiresAtMs }: { readonly sender: Sender; readonly nowMs: number; readonly expiresAtMs: number },
  ): OutboxEntry {
    const { topic, address, payload, id, options } = draft;
    const replaces = topic.delivery === "state";
    if (!sender.outbox.hasRoom(payload.byteLength, replaces ? address : undefined)) throw this.#full(address, sender);
    const maxAgeMs = topic.priority === "high" ? CONTROL_AGE_MS : this.#deps.options.outboxBounds.maxAgeMs;
    const outgoing: Outgoing = {
      id,
      topic: address,
      label: topic.name,
      payload,
      retain: replaces,
      replaces,
      acceptedAtMs: nowMs,
      expiresAtMs,
      giveUpAtMs: Math.min(expiresAtMs, nowMs + maxAgeMs),
      correlationData: options.correlationData,
      contract: topic,
      settled:
        options.onSettled === undefined && options.isInternal !== true ? this.#settled : this.#settledFor(options),
    };
    return sender.enqueue(topic.durable ? this.#deps.durable.keep(outgoing) : outgoing);
  }

  /** One for all messages whose end only `onUndelivered` hears of: each of its own would live as long as its message. */
  readonly #settled: Outgoing["settled"] = (outcome, _sent, { id, topic, contract }) => {
    if (contract !== undefined) this.#told({ id, address: topic, topic: contract }, outcome);
    this.#wake(id);
  };

  #settledFor({ isInternal, onSettled }: InternalPublishOptions): Outgoing["settled"] {
    return (outcome, sent, { id, topic, contract }) => {
      if (contract !== undefined && isInternal !== true) this.#told({ id, address: topic, topic: contract }, outcome);
      onSettled?.(outcome, sent);
      this.#wake(id);
    };
  }

  /** A state never expires; everything else lives as long as its contract says, or shorter when asked. */
  #expiryOf({ topic, options }: Draft, nowMs: number): number {
    // NaN would compare as "not yet" for ever.
    if (options.ttlMs !== undefined && !(options.ttlMs > 0))
      throw new TypeError(`ttlMs is ${options.ttlMs}; it must be more than 0 ms`);
    if (topic.delivery === "state") return Number.POSITIVE_INFINITY;
    const promisedMs = topic.ttlMs === "none" ? Number.POSITIVE_INFINITY : topic.ttlMs;
    return nowMs + Math.min(options.ttlMs ?? Number.POSITIVE_INFINITY, promisedMs);
  }

  #told(message: EndedMessage & { readonly topic: { readonly durable: boolean } }, outcome: Outcome): void {
    if (outcome.kind !== "undelivered" || (message.topic.durable && this.#deps.durable.outlives(outcome))) return;
    reportUndelivered(message, outcome, this.#deps);
  }

  #wake(id: string): void {
    if (this.#waiters.size > 0) {
      for (const waiter of this.#waiters) if (waiter.open.delete(id) && waiter.open.size === 0) waiter.done();
    }
    for (const { sender, done } of this.#roomWaiters) if (sender.outbox.isHalfEmpty) done();
  }

  #meta(id: string, options: InternalPublishOptions): MessageMeta {
    const context = currentContext();
    return {
      id,
      ts: this.#deps.clock.epochMs() / 1_000,
      source: this.#deps.options.source,
      correlationId: options.correlationId ?? context?.correlationId,
      replyToId: options.replyToId,
      error: options.error,
      traceparent: context?.traceparent,
      replayOf: options.replayOf,
      compat: this.#deps.options.compat,
    };
  }

  #checkSize({ address, payload }: Draft, sender: Sender): void {
    const maxBytes = Math.min(this.#deps.options.maxPayloadBytes, sender.maximumPacketBytes);
    if (payload.byteLength > maxBytes)
      throw new PayloadTooLargeError({ topic: address, bytes: payload.byteLength, maxBytes });
  }

  #checkOpen(): void {
    if (this.#closed) throw new ClientClosedError({ clientId: this.#deps.options.clientId });
  }

  #full(topic: string, { outbox }: Sender): OutboxFullError {
    return new OutboxFullError({ topic, messages: outbox.messages, bytes: outbox.bytes });
  }
}

/** Whether the broker may have it. */
export function sentOf({ sends }: OutboxEntry): "no" | "maybe" {
  return sends === 0 ? "no" : "maybe";
}
