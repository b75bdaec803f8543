/** Every subscription of the client, on whichever link it lives. */
import type { SubscribeOptions, Subscription } from "../api.ts";
import type { RawTopic, Topic } from "../contract/index.ts";
import { ClientClosedError } from "../errors.ts";
import type { Gate } from "./gate.ts";
import type { Receiver } from "./receiver.ts";
import { checkSubscribeOptions } from "./subscribe-faults.ts";
import type { Activation, Subscriber } from "./subscriber.ts";
import { createSubscription, type HandlerCall, type SubscriptionRecord } from "./subscription.ts";

export interface SubscriptionsDeps {
  readonly clientId: string;
  readonly gate: Gate;
  /** The parts of the link for a priority; opens the control link on first use. */
  readonly channelFor: (priority: "normal" | "high") => {
    readonly subscriber: Subscriber;
    readonly receiver: Receiver;
  };
  /** The first subscription whose failures are buried: from then on the client looks after its dead letters. */
  readonly onFirstBurying: () => void;
}

export interface SubscriptionSpec {
  readonly topic: Topic | RawTopic;
  readonly call: HandlerCall;
  readonly options: SubscribeOptions;
  readonly wantsCleared: boolean;
}

interface InternalSpec {
  readonly topic: Topic | RawTopic;
  readonly link: "normal" | "high";
  readonly intake: NonNullable<SubscriptionRecord["intake"]>;
  readonly reached?: SubscriptionRecord["reached"];
}

export class Subscriptions {
  readonly #deps: SubscriptionsDeps;
  readonly #records = new Set<SubscriptionRecord>();
  #count = 0;
  #isClosed = false;
  #hasBurying = false;

  constructor(deps: SubscriptionsDeps) {
    this.#deps = deps;
  }

  add(spec: SubscriptionSpec): Subscription {
    if (this.#isClosed) throw new ClientClosedError({ clientId: this.#deps.clientId });
    checkSubscribeOptions(spec.options);
    const isControl = !("raw" in spec.topic) && spec.topic.priority === "high";
    this.#count += 1;
    const record = createSubscription({ ...spec, number: this.#count, gate: this.#deps.gate, isControl });
    if (record.buries && !this.#hasBurying) {
      this.#hasBurying = true;
      this.#deps.onFirstBurying();
    }
    return this.#register(record, isControl ? "high" : "normal");
  }

  /** A reader of the client's own: bytes as they come, acknowledged at once. */
  listen({ topic, link, intake, reached }: InternalSpec): Subscription {
    this.#count += 1;
    const base = createSubscription({
      topic,
      call: () => undefined,
      wantsCleared: false,
      options: { onFailure: "drop" },
      number: this.#count,
      gate: this.#deps.gate,
      isControl: link === "high",
    });
    return this.#register({ ...base, intake, reached }, link);
  }

  /** Starts no handler any more; what waits stays unacknowledged. */
  close(): void {
    this.#isClosed = true;
    for (const { lanes } of this.#records) lanes.stop({ dropWaiting: false });
  }

  /** Resolves when no handler runs. */
  async idle(): Promise<void> {
    await Promise.all([...this.#records].map(({ lanes }) => lanes.idle()));
  }

  abort(reason: Error): void {
    for (const { stopping } of this.#records) stopping.abort(reason);
  }

  #register(record: SubscriptionRecord, link: "normal" | "high"): Subscription {
    const { subscriber, receiver } = this.#deps.channelFor(link);
    const activation: Activation = Promise.withResolvers<void>();
    activation.promise.catch(() => undefined); // pre-handled: a refusal is also in the log
    this.#records.add(record);
    subscriber.add(record, activation);
    receiver.reconsider();
    let stopped: Promise<void> | undefined;
    return {
      active: activation.promise,
      stop: () => {
        stopped ??= this.#stop(record, subscriber);
        return stopped;
      },
    };
  }

  async #stop(record: SubscriptionRecord, subscriber: Subscriber): Promise<void> {
    subscriber.remove(record);
    record.stopping.abort(new DOMException("The subscription was stopped.", "AbortError"));
    record.lanes.stop({ dropWaiting: true });
    await record.lanes.idle();
    this.#records.delete(record);
  }
}
