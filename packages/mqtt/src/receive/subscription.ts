import type { Received, ReceivedRaw, SubscribeOptions } from "../api.ts";
import type { RawTopic, Topic } from "../contract/index.ts";
import type { InboundPublish } from "../transport/transport.ts";
import type { AttemptPolicy } from "./attempts.ts";
import type { Gate } from "./gate.ts";
import { Lanes } from "./lanes.ts";
import { createParamsReader } from "./params-reader.ts";
import type { Subscriber } from "./subscription-table.ts";

/** A handler of whatever message its topic has, which `Client.subscribe` ties together. */
export type HandlerCall = (message: Received<unknown> | ReceivedRaw, packet: InboundPublish) => void | Promise<void>;

/** How a subscription stands on the link's current connection. */
export type Reach =
  | { readonly kind: "active" }
  | { readonly kind: "refused"; readonly error: Error }
  | { readonly kind: "lost" };

/** One call of `subscribe`, with its options resolved. */
export interface SubscriptionRecord extends Subscriber {
  /** Unique in this client; part of the duplicate filter's scope. */
  readonly number: number;
  readonly topic: Topic | RawTopic;
  /** Of everything that is counted for it. */
  readonly labels: { readonly topic: string };
  /** The values of the topic's parameters in a concrete one. */
  readonly paramsOf: (concrete: string) => Readonly<Record<string, string>>;
  readonly call: HandlerCall;
  /** Told when the owner of a `state` clears it. */
  readonly wantsCleared: boolean;
  readonly policy: AttemptPolicy;
  readonly handlesRetained: boolean;
  readonly buries: boolean;
  readonly lanes: Lanes;
  readonly stopping: AbortController;
  /** Acknowledged on acceptance, tried once, outside the client's concurrency. */
  readonly isControl: boolean;
  /** Runs before decoding and replaces it: replies and internal readers. */
  readonly intake?: (topic: string, payload: Uint8Array, retained: boolean) => void;
  /** Told at each SUBACK, and at the end of each connection. */
  readonly reached?: ((reach: Reach) => void) | undefined;
}

/** Waiting messages of one topic on the control link; over it the oldest goes (a flood cannot refuse a stop). */
const CONTROL_WAITING = 16;

const DEFAULTS = { concurrency: 16, timeoutMs: 10_000, attempts: 3, minDelayMs: 100, maxDelayMs: 2_000 } as const;

export function createSubscription(spec: {
  readonly number: number;
  readonly topic: Topic | RawTopic;
  readonly call: HandlerCall;
  readonly wantsCleared: boolean;
  readonly options: SubscribeOptions;
  readonly gate: Gate;
  readonly isControl: boolean;
}): SubscriptionRecord {
  const { topic, options, isControl } = spec;
  const isState = !("raw" in topic) && topic.delivery === "state";
  const handlesRetained = "raw" in topic || isState || options.retained === "handle";
  return {
    number: spec.number,
    topic,
    labels: Object.freeze({ topic: "raw" in topic ? topic.filter : topic.name }),
    paramsOf: createParamsReader(topic),
    call: spec.call,
    wantsCleared: spec.wantsCleared,
    filter: options.share === undefined ? topic.filter : `$share/${options.share}/${topic.filter}`,
    qos: "raw" in topic || topic.delivery !== "stream" ? 1 : 0,
    wantsRetained: handlesRetained && options.share === undefined,
    handlesRetained,
    buries: (options.onFailure ?? ("raw" in topic ? "drop" : "dead_letter")) === "dead_letter",
    policy: {
      timeoutMs: options.timeoutMs ?? DEFAULTS.timeoutMs,
      attempts: isControl ? 1 : (options.retry?.attempts ?? DEFAULTS.attempts),
      minDelayMs: options.retry?.minDelayMs ?? DEFAULTS.minDelayMs,
      maxDelayMs: options.retry?.maxDelayMs ?? DEFAULTS.maxDelayMs,
    },
    lanes: new Lanes({
      concurrency: isControl ? Number.POSITIVE_INFINITY : (options.concurrency ?? DEFAULTS.concurrency),
      gate: isControl ? undefined : spec.gate,
      maxWaiting: isControl ? CONTROL_WAITING : Number.POSITIVE_INFINITY,
    }),
    stopping: new AbortController(),
    isControl,
  };
}
