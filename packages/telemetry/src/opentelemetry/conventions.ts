/**
 * What spans and instruments are called: the semantic conventions for messaging where they fit
 * (https://opentelemetry.io/docs/specs/semconv/messaging/, names as in `@opentelemetry/semantic-conventions` 1.45, where all of them are
 * still experimental), else `ts_tars.mqtt.…`. Pure.
 */
import type { Labels, SpanStart } from "@ts-tars/mqtt";

type Attributes = Readonly<Record<string, string>>;

const SYSTEM = { "messaging.system.name": "mqtt" } as const;

/** `operation.name` is the word of the API, `operation.type` the convention's; for a question with its answer it has none. */
const OPERATIONS: Readonly<Record<SpanStart["kind"], Attributes & { readonly "messaging.operation.name": string }>> = {
  publish: { "messaging.operation.name": "publish", "messaging.operation.type": "send" },
  handle: { "messaging.operation.name": "handle", "messaging.operation.type": "process" },
  request: { "messaging.operation.name": "request" },
};

/** `{operation} {destination}`, as the conventions want it. */
export function spanName({ kind, topic }: SpanStart): string {
  return `${OPERATIONS[kind]["messaging.operation.name"]} ${topic}`;
}

/** What is known of a piece of work when it begins. */
export function spanAttributes({ kind, topic, id, correlationId }: SpanStart): Attributes {
  return {
    ...SYSTEM,
    ...OPERATIONS[kind],
    ...destination(topic),
    "messaging.message.id": id,
    ...(correlationId !== undefined && { "messaging.message.conversation_id": correlationId }),
  };
}

/** How an instrument is called, and what it says beside the labels. */
export interface Instrument {
  readonly name: string;
  readonly attributes: Attributes;
}

const CONVENTIONAL: ReadonlyMap<string, Instrument> = new Map([
  // Not messages_published: those of the convention have left already, ours are accepted.
  [
    "messages_received",
    {
      name: "messaging.client.consumed.messages",
      attributes: { ...SYSTEM, "messaging.operation.name": "receive", "messaging.operation.type": "receive" },
    },
  ],
  ["publish_ms", { name: "messaging.client.operation.duration", attributes: { ...SYSTEM, ...OPERATIONS.publish } }],
  ["handle_ms", { name: "messaging.process.duration", attributes: { ...SYSTEM, ...OPERATIONS.handle } }],
]);

/** The instrument of one measurement. */
export function instrumentOf(measurement: string): Instrument {
  const own = `ts_tars.mqtt.${measurement.replace(/_ms$/u, ".duration")}`;
  return CONVENTIONAL.get(measurement) ?? { name: own, attributes: SYSTEM };
}

/** The labels of a measurement, the topic under the convention's name. */
export function labelAttributes({ topic, ...others }: Labels): Attributes {
  return { ...others, ...(topic !== undefined && topic !== "" && destination(topic)) };
}

function destination(topic: string): Attributes {
  return { [topic.includes("{") ? "messaging.destination.template" : "messaging.destination.name"]: topic };
}
