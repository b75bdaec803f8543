/**
 * The client: two channels, one publisher, one set of subscriptions, one life.
 *
 *   idle ──▶ connecting ──▶ up ──▶ (down ──▶ connecting)* ──▶ closing ──▶ closed
 *
 * `ClientCore` holds the parts; what they do is in their own files.
 */
import type {
  Client,
  ClientState,
  Closed,
  Handler,
  Kept,
  MessageId,
  PublishOptions,
  Received,
  ReceivedRaw,
  ReceivedState,
  SubscribeOptions,
  Subscription,
  WaitOptions,
} from "./api.ts";
import type { ClientCore } from "./client-core.ts";
import type { ConcreteTopic, RawTopic, RequestPair, Topic } from "./contract/index.ts";
import type { HandlerCall } from "./receive/subscription.ts";
import type { RequestOptions } from "./request/requester.ts";
import { createResponder } from "./request/respond.ts";

const FLUSH_TIMEOUT_MS = 10_000;

/** The public face of a `ClientCore`. */
export class MqttBusClient implements Client {
  readonly #core: ClientCore;

  constructor(core: ClientCore) {
    this.#core = core;
  }

  get clientId(): string {
    return this.#core.options.clientId;
  }

  get source(): string {
    return this.#core.options.source;
  }

  get state(): ClientState {
    return this.#core.lifecycle.state;
  }

  get connected(): boolean {
    return this.#core.lifecycle.state.kind === "up";
  }

  get closed(): Promise<Closed> {
    return this.#core.lifecycle.closed;
  }

  ready(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#core.lifecycle.ready(options.signal);
  }

  watch(): AsyncIterable<ClientState> {
    return this.#core.lifecycle.watch();
  }

  publish<In>(topic: ConcreteTopic<In>, data: NoInfer<In>, options: PublishOptions = {}): MessageId {
    return this.#core.publisher.publish(topic, data, options).id;
  }

  publishConfirmed<In>(topic: ConcreteTopic<In>, data: NoInfer<In>, options: PublishOptions & WaitOptions = {}) {
    return this.#core.publisher.publishConfirmed(topic, data, options);
  }

  flush({ timeoutMs = FLUSH_TIMEOUT_MS, signal }: WaitOptions = {}): Promise<void> {
    return this.#core.publisher.flush(this.#core.senders(), { timeoutMs, signal });
  }

  room(topic: ConcreteTopic, options: WaitOptions = {}): Promise<void> {
    return this.#core.publisher.room(topic, options);
  }

  keep<In>(topic: ConcreteTopic<In>, value: () => NoInfer<In>): Kept {
    return this.#core.kept.keep(topic, value);
  }

  clear(topic: ConcreteTopic): MessageId {
    return this.#core.publisher.clear(topic);
  }

  subscribe(topic: RawTopic, handler: Handler<ReceivedRaw>, options?: SubscribeOptions): Subscription;
  subscribe<In, Out, Param extends string>(
    topic: Topic<In, Out, Param>,
    handler: Handler<Received<Out, Param>>,
    options?: SubscribeOptions,
  ): Subscription;
  subscribe(topic: RawTopic | Topic, handler: Handler<never>, options: SubscribeOptions = {}): Subscription {
    return this.#core.subscriptions.add({
      topic,
      call: handler as unknown as HandlerCall, // the overloads tie handler and topic together
      options,
      wantsCleared: false,
    });
  }

  subscribeState<In, Out, Param extends string>(
    topic: Topic<In, Out, Param>,
    handler: Handler<ReceivedState<Out, Param>>,
    options: SubscribeOptions = {},
  ): Subscription {
    return this.#core.subscriptions.add({
      topic,
      call: handler as unknown as HandlerCall, // the signature ties handler and topic together
      options,
      wantsCleared: true,
    });
  }

  request<ReqIn, ReqOut, RepIn, RepOut>(
    pair: RequestPair<ReqIn, ReqOut, RepIn, RepOut>,
    data: NoInfer<ReqIn>,
    options: RequestOptions = {},
  ): Promise<RepOut> {
    return this.#core.requester.request(pair, data, options) as Promise<RepOut>; // decoded by pair.reply
  }

  respond<ReqIn, ReqOut, RepIn, RepOut>(
    pair: RequestPair<ReqIn, ReqOut, RepIn, RepOut>,
    handler: (message: Received<ReqOut>) => NoInfer<RepIn> | Promise<NoInfer<RepIn>>,
    options: Pick<SubscribeOptions, "share" | "concurrency" | "timeoutMs"> = {},
  ): Subscription {
    const { publisher, log } = this.#core;
    const call = createResponder(pair, handler as (message: Received<unknown>) => unknown, { publisher, log }); // decoded by pair.request
    return this.#core.subscriptions.add({
      topic: pair.request,
      call: call as unknown as HandlerCall, // as above
      options: { ...options, retry: { attempts: 1 } },
      wantsCleared: false,
    });
  }

  close(): Promise<void> {
    return this.#core.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
