/** From `publish` to the outbox of the right link, and from there to whoever waits for the outcome. */
import type { MessageId, PublishOptions, Undelivered, WaitOptions } from "../api.ts";
import type { Clock } from "../clock.ts";
import { currentContext } from "../context.ts";
import { type ConcreteTopic, encodeMessage, isValidTopicName, type MessageMeta } from "../contract/index.ts";
import { ClientClosedError, OutboxFullError, PayloadTooLargeError, UndeliveredError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Meter } from "../meter.ts";
import type { ResolvedOptions } from "../resolve-options.ts";
import { waitFor } from "../wait-for.ts";
import type { OutboxEntry, Outcome, Outgoing } from "./outbox.ts";
import type { Sender } from "./sender.ts";

/** On the control link nothing is stored: what could not be sent within this fails loudly. */
const CONTROL_AGE_MS = 2_000;
const CONFIRM_TIMEOUT_MS = 10_000;

export interface PublisherDeps {
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly nextId: () => string;
  /** The sender for a priority; opens the control link on first use. */
  readonly senderFor: (priority: "normal" | "high") => Sender;
}

/** What a message may carry beyond the public options. */
export interface InternalPublishOptions extends PublishOptions {
  readonly id?: string;
  readonly replyToId?: string;
  readonly replayOf?: string;
  /** Where a reply goes when the asker named another topic. */
  readonly address?: string;
  readonly correlationData?: Buffer | undefined;
  readonly onSettled?: (outcome: Outcome, sent: "no" | "maybe") => void;
  /** A refusal or expiry is the caller's affair, not `onUndelivered`'s. */
  readonly isInternal?: boolean;
}

export class Publisher {
  readonly #deps: PublisherDeps;
  readonly #waiters = new Set<{ readonly open: Set<string>; readonly done: () => void }>();
  readonly #roomWaiters = new Set<{ readonly sender: Sender; readonly done: () => void }>();
  #closed = false;

  constructor(deps: PublisherDeps) {
    this.#deps = deps;
  }

  publish(
    topic: ConcreteTopic,
    data: unknown,
    options: InternalPublishOptions = {},
  ): { readonly id: MessageId; readonly entry?: OutboxEntry } {
    this.#checkOpen();
    if (!isValidTopicName(topic.filter)) {
      throw new TypeError(
        `Cannot publish to ${topic.filter}: bind its parameters with at(), wildcards are for subscribing`,
      );
    }
    const id = options.id ?? this.#deps.nextId();
    const payload = encodeMessage(topic, data, this.#meta(id, options));
    return this.#queue(topic, data, payload, { ...options, id });
  }

  /** Publishes an empty retained message: the broker forgets the topic's value. */
  clear(topic: ConcreteTopic): MessageId {
    this.#checkOpen();
    return this.#queue(topic, undefined, new Uint8Array(), { id: this.#deps.nextId() }).id;
  }

  /** Bytes of our own making, retained when asked; `onUndelivered` is not told. */
  raw(outgoing: Pick<Outgoing, "id" | "topic" | "label" | "payload" | "settled">): void {
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
    const settled = Promise.withResolvers<{ readonly outcome: Outcome; readonly sent: "no" | "maybe" }>();
    const { id, entry } = this.publish(topic, data, {
      ...options,
      onSettled: (outcome, sent) => settled.resolve({ outcome, sent }),
    });
    if (entry === undefined) return { id };
    const address = topic.filter;
    const onTimeout = (): UndeliveredError => {
      const sent = entry.sends === 0 ? "no" : "maybe";
      this.#withdraw(topic, entry);
      return new UndeliveredError({ topic: address, id, reason: "timeout", sent });
    };
    const onAbort = (): void => this.#withdraw(topic, entry);
    const { outcome, sent } = await waitFor(settled.promise, {
      clock: this.#deps.clock,
      timeoutMs,
      signal,
      onTimeout,
      onAbort,
    });
    if (outcome.kind === "undelivered")
      throw new UndeliveredError({ topic: address, id, reason: outcome.reason, reasonCode: outcome.reasonCode, sent });
    // MQTT 5: 0x10 says that nobody subscribes to it.
    return { id, matched: outcome.reasonCode !== 0x10 };
  }

  /** Takes a message back that was never written; one that was is left to its end. */
  withdrawUnsent(topic: ConcreteTopic, entry: OutboxEntry): "no" | "maybe" {
    const sent = entry.sends === 0 ? "no" : "maybe";
    this.#withdraw(topic, entry);
    return sent;
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
    this.#roomWaiters.add(waiter);
    const onTimeout = () => this.#full(topic.filter, sender);
    try {
      await waitFor(promise, { clock: this.#deps.clock, timeoutMs, signal, onTimeout });
    } finally {
      this.#roomWaiters.delete(waiter);
    }
    this.#checkOpen();
  }

  close(): void {
    this.#closed = true;
    for (const { done } of this.#roomWaiters) done();
    for (const { done } of this.#waiters) done();
  }

  #queue(
    topic: ConcreteTopic,
    data: unknown,
    payload: Uint8Array,
    options: InternalPublishOptions & { readonly id: string },
  ) {
    const sender = this.#deps.senderFor(topic.priority);
    const address = options.address ?? topic.filter;
    this.#checkSize(address, payload, sender);
    const nowMs = this.#deps.clock.nowMs();
    const ttlMs = Math.min(
      options.ttlMs ?? Number.POSITIVE_INFINITY,
      topic.ttlMs === "none" ? Number.POSITIVE_INFINITY : topic.ttlMs,
    );
    const expiresAtMs = topic.delivery === "state" ? Number.POSITIVE_INFINITY : nowMs + ttlMs;
    this.#deps.meter.count("messages_published", { topic: topic.name });
    if (topic.delivery === "stream") {
      const key = topic.key({ data, params: topic.bound, topic: address, id: options.id });
      sender.stream({ topic: address, label: topic.name, payload, key, expiresAtMs });
      return { id: options.id };
    }
    const replaces = topic.delivery === "state";
    if (!sender.outbox.hasRoom(payload.byteLength, replaces ? address : undefined)) throw this.#full(address, sender);
    const maxAgeMs = topic.priority === "high" ? CONTROL_AGE_MS : this.#deps.options.outboxBounds.maxAgeMs;
    const entry = sender.enqueue({
      id: options.id,
      topic: address,
      label: topic.name,
      payload,
      retain: replaces,
      replaces,
      acceptedAtMs: nowMs,
      expiresAtMs,
      giveUpAtMs: Math.min(expiresAtMs, nowMs + maxAgeMs),
      correlationData: options.correlationData,
      settled: (outcome, sent) => this.#settled(topic, address, options, outcome, sent),
    });
    return { id: options.id, entry };
  }

  #settled(
    topic: ConcreteTopic,
    address: string,
    options: InternalPublishOptions & { readonly id: string },
    outcome: Outcome,
    sent: "no" | "maybe",
  ): void {
    if (outcome.kind === "undelivered" && options.isInternal !== true) {
      this.#report(
        {
          id: options.id,
          topic: address,
          reason: outcome.reason,
          ...(outcome.reasonCode !== undefined && { reasonCode: outcome.reasonCode }),
        },
        topic,
      );
    }
    options.onSettled?.(outcome, sent);
    this.#wake(options.id);
  }

  #report(undelivered: Undelivered, topic: ConcreteTopic): void {
    const { meter, log, options } = this.#deps;
    meter.count("undelivered", { topic: topic.name, reason: undelivered.reason });
    // The next value of a state stands for the last one; all others are worth a line.
    const level = undelivered.reason === "superseded" ? "debug" : topic.priority === "high" ? "error" : "warn";
    log[level]({ ...undelivered }, "message undelivered");
    try {
      options.onUndelivered?.(undelivered);
    } catch (error) {
      log.error({ err: error }, "onUndelivered threw");
    }
  }

  #wake(id: string): void {
    for (const waiter of this.#waiters) {
      if (waiter.open.delete(id) && waiter.open.size === 0) waiter.done();
    }
    for (const { sender, done } of this.#roomWaiters) if (sender.outbox.isHalfEmpty) done();
  }

  #withdraw({ priority }: ConcreteTopic, entry: OutboxEntry): void {
    if (entry.sends > 0) return;
    this.#deps.senderFor(priority).outbox.settle(entry, { kind: "undelivered", reason: "expired" });
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
    };
  }

  #checkSize(topic: string, payload: Uint8Array, sender: Sender): void {
    const maxBytes = Math.min(this.#deps.options.maxPayloadBytes, sender.maximumPacketBytes);
    if (payload.byteLength > maxBytes) throw new PayloadTooLargeError({ topic, bytes: payload.byteLength, maxBytes });
  }

  #checkOpen(): void {
    if (this.#closed) throw new ClientClosedError({ clientId: this.#deps.options.clientId });
  }

  #full(topic: string, { outbox }: Sender): OutboxFullError {
    return new OutboxFullError({ topic, messages: outbox.messages, bytes: outbox.bytes });
  }
}
