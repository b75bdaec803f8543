import type { ConcreteTopic, RawTopic, RequestPair, Topic } from "./contract/topic.ts";

/** 32 hex characters, unique per message. */
export type MessageId = string;

/** Why a client is closed. `error` is set when it was not asked to. */
export type Closed =
  | { readonly reason: "requested" }
  | { readonly reason: "refused" | "client_id_taken" | "misconfigured"; readonly error: Error };

/** The whole life of a client; each state carries what only that state has. */
export type ClientState =
  | { readonly kind: "idle" }
  | { readonly kind: "connecting"; readonly attempt: number; readonly url: string }
  | {
      readonly kind: "up";
      readonly url: string;
      readonly protocol: "5" | "3.1.1";
      readonly sessionPresent: boolean;
      readonly control: "up" | "down" | "unused";
      /** Grows by one with each connection. */
      readonly epoch: number;
    }
  | { readonly kind: "down"; readonly error: Error; readonly retryInMs: number }
  | { readonly kind: "closing" }
  | { readonly kind: "closed"; readonly closed: Closed };

/** What a handler gets. */
export interface Received<Out, Param extends string = string> {
  readonly data: Out;
  /** The concrete topic. */
  readonly topic: string;
  readonly params: Readonly<Record<Param, string>>;
  /** The envelope's id; generated for bare and binary messages. */
  readonly id: MessageId;
  /** The envelope's source; empty for bare messages. */
  readonly source: string;
  readonly correlationId: string | undefined;
  /** The envelope's `error`, on failed replies and answers. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
  /** Sender's clock, Unix epoch milliseconds; undefined for bare messages. */
  readonly sentAtMs: number | undefined;
  readonly retained: boolean;
  /** The broker or this client has tried to deliver it before. */
  readonly redelivered: boolean;
  /** 1 for the first try. */
  readonly attempt: number;
  /**
   * Aborts at the handler's timeout, when the subscription stops, and at the drain limit of `close`. Made when it is first looked at:
   * a copy of the message by spreading has none.
   */
  readonly signal: AbortSignal;
}

/** What a handler of a `state` topic gets: a value, or the news that the owner cleared it. */
export type ReceivedState<Out, Param extends string = string> =
  | (Received<Out, Param> & { readonly cleared: false })
  | (Omit<Received<undefined, Param>, "data"> & { readonly cleared: true; readonly data: undefined });

/** A message of a raw filter. */
export interface ReceivedRaw {
  readonly payload: Uint8Array;
  readonly topic: string;
  readonly retained: boolean;
  readonly redelivered: boolean;
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** Returning (or resolving) means taking responsibility for the message; throwing means another attempt. */
export type Handler<Message> = (message: Message) => void | Promise<void>;

/** How one subscription handles its messages. */
export interface SubscribeOptions {
  /** Keys handled at the same time. Default 16. */
  readonly concurrency?: number;
  /** When the handler's signal aborts, in ms. Default 10 000. */
  readonly timeoutMs?: number;
  /** Tries in all and the backoff between them. Default 3, 100 ms → 2 000 ms with full jitter. */
  readonly retry?: { readonly attempts?: number; readonly minDelayMs?: number; readonly maxDelayMs?: number };
  /** Name of a shared subscription: each message goes to one member of the group; MQTT 5 only, no order promised. */
  readonly share?: string;
  /** `"handle"` lets retained messages of a topic that is not a `state` reach the handler. Default `"refuse"`. */
  readonly retained?: "refuse" | "handle";
  /** After the last failed attempt: a retained dead letter, or nothing. Default `"dead_letter"`; raw filters `"drop"`. */
  readonly onFailure?: "dead_letter" | "drop";
}

/** A subscription that lives until `stop` or `close`, over any number of connections. */
export interface Subscription {
  /**
   * Resolves at the SUBACK of the current connection; rejects with `SubscriptionRefusedError` at the first refusal, after which the
   * broker is asked again, once a minute at last. Pre-handled.
   */
  readonly active: Promise<void>;
  /** Unsubscribes; resolves when running handlers have settled. Idempotent. */
  stop(): Promise<void>;
}

/** What one message carries beside its data. */
export interface PublishOptions {
  /** The turn this message belongs to; by default that of the message being handled. */
  readonly correlationId?: string;
  /** Marks the envelope as failed. */
  readonly error?: { readonly code: string; readonly message: string };
  /** Shorter than the contract's `ttlMs`, in ms. */
  readonly ttlMs?: number;
  /** The id of the message, or dead letter, whose content this one repeats on a person's word; it is a message of its own. */
  readonly replayOf?: string;
}

/** How long a promise may stay open; an abort rejects it with the signal's reason. */
export interface WaitOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What became of a message that will not be confirmed. */
export interface Undelivered {
  readonly id: MessageId;
  readonly topic: string;
  readonly reason: "expired" | "refused" | "poison" | "closed" | "dropped" | "superseded";
  readonly reasonCode?: number;
}

/** The current value of a `state` topic that this client owns. */
export interface Kept {
  /** Publishes the value again because it changed. */
  changed(): void;
  /** Stops keeping it; the retained value stays at the broker. */
  stop(): void;
}

/** A centralized, typed MQTT client. */
export interface Client extends AsyncDisposable {
  readonly clientId: string;
  /** The envelope's `source`. */
  readonly source: string;
  readonly state: ClientState;
  /** The data link is up: false at most 10 s after the path broke. */
  readonly connected: boolean;
  /** Resolves once, never rejects. */
  readonly closed: Promise<Closed>;

  /** Resolves at the first CONNACK with all SUBACKs; rejects on a fatal refusal, on close, or with the signal's reason. */
  ready(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** States as they come; a slow reader sees the latest only. Ends after `closed`. */
  watch(): AsyncIterable<ClientState>;

  /**
   * Queues a message and returns its id; never waits.
   *
   * @throws {ContractViolationError} when the data breaks the contract (every problem with path and reason).
   * @throws {OutboxFullError} when the outbox is at its bound.
   * @throws {PayloadTooLargeError} when the encoded payload is over the limit.
   * @throws {ClientClosedError} when the client is closed.
   */
  publish<In>(topic: ConcreteTopic<In>, data: NoInfer<In>, options?: PublishOptions): MessageId;
  /**
   * Resolves at the broker's PUBACK. `matched` says whether anybody subscribes to the topic, where the broker does (MQTT 5).
   *
   * @throws {UndeliveredError} on anything else, with `sent: "no" | "maybe"`.
   */
  publishConfirmed<In>(
    topic: ConcreteTopic<In>,
    data: NoInfer<In>,
    options?: PublishOptions & WaitOptions,
  ): Promise<{ readonly id: MessageId; readonly matched?: boolean }>;
  /** Resolves when everything queued so far has been confirmed or reported undelivered. */
  flush(options?: WaitOptions): Promise<void>;
  /** Resolves when the outbox is under half of its bound. */
  room(topic: ConcreteTopic, options?: WaitOptions): Promise<void>;
  /** Registers the current value of a `state`: published now, on `changed()`, and after every CONNACK, with a new id. */
  keep<In>(topic: ConcreteTopic<In>, value: () => NoInfer<In>): Kept;
  /** Clears the retained value of a `state` topic. */
  clear(topic: ConcreteTopic): MessageId;

  subscribe(topic: RawTopic, handler: Handler<ReceivedRaw>, options?: SubscribeOptions): Subscription;
  /** Synchronous, also before the first connection. Handlers of `state` topics that care about clearing use `subscribeState`. */
  subscribe<In, Out, Param extends string>(
    topic: Topic<In, Out, Param>,
    handler: Handler<Received<Out, Param>>,
    options?: SubscribeOptions,
  ): Subscription;
  /** Like `subscribe`, and also told when the owner clears the value. */
  subscribeState<In, Out, Param extends string>(
    topic: Topic<In, Out, Param>,
    handler: Handler<ReceivedState<Out, Param>>,
    options?: SubscribeOptions,
  ): Subscription;

  /** @throws {RequestTimeoutError} with `sent: "no" | "maybe"` @throws {RemoteError} when the responder failed. */
  request<ReqIn, ReqOut, RepIn, RepOut>(
    pair: RequestPair<ReqIn, ReqOut, RepIn, RepOut>,
    data: NoInfer<ReqIn>,
    options?: WaitOptions & { readonly correlationId?: string },
  ): Promise<RepOut>;
  /** Answers requests. What the handler throws reaches the asker as `RemoteError`. */
  respond<ReqIn, ReqOut, RepIn, RepOut>(
    pair: RequestPair<ReqIn, ReqOut, RepIn, RepOut>,
    handler: (message: Received<ReqOut>) => NoInfer<RepIn> | Promise<NoInfer<RepIn>>,
    options?: Pick<SubscribeOptions, "share" | "concurrency" | "timeoutMs">,
  ): Subscription;

  /** Orderly end: idempotent, never throws, never hangs. */
  close(): Promise<void>;
}
