import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { InReference, Topic } from "./topic.ts";
import type { TopicDefinition } from "./topic-definition.ts";
import { faultsOfDefinition } from "./topic-faults.ts";
import { isValidTopicName } from "./topic-filter.ts";
import { bindName, isLevel, parseTopicName, type TopicParam } from "./topic-name.ts";

/** The topic that a definition makes, with the schema's input and output types and the name's parameters. */
export type DefinedTopic<Name extends string, Schema extends StandardSchemaV1> = Topic<
  StandardSchemaV1.InferInput<Schema>,
  StandardSchemaV1.InferOutput<Schema>,
  TopicParam<Name>
>;

/**
 * A topic's contract, as a frozen plain object.
 *
 * @throws {TypeError} when the definition contradicts itself; the message names the topic and every fault.
 */
export function defineTopic<const Name extends string, const Schema extends StandardSchemaV1>(
  definition: TopicDefinition<Name, Schema>,
): DefinedTopic<Name, Schema> {
  const params = parseTopicName(definition.name);
  const faults = faultsOfDefinition(definition);
  if (faults.length > 0) throw new TypeError(`The topic ${definition.name} ${faults.join("; it ")}`);
  const { key } = definition;
  return createTopic(
    {
      name: definition.name,
      type: definition.type,
      delivery: definition.delivery,
      payload: definition.payload,
      ttlMs: definition.ttlMs ?? "none",
      priority: definition.priority ?? "normal",
      durable: definition.durable ?? false,
      private: definition.private ?? false,
      wire: definition.wire ?? "envelope",
      acceptsBare: definition.acceptsBare ?? false,
      keepNull: Object.freeze([...(definition.keepNull ?? [])]),
      reference: frozen(definition.reference),
      key: key === undefined ? keyOfTopic : (message) => key(message.data, message.params, message),
    },
    params,
    {},
  ) as DefinedTopic<Name, Schema>; // createTopic does not follow types: the schema and the name just given are the proof
}

function frozen(reference: InReference | undefined): InReference | undefined {
  return reference && Object.freeze({ lacks: Object.freeze([...reference.lacks]) });
}

function keyOfTopic(message: { readonly topic: string }): string {
  return message.topic;
}

type Fixed = Omit<Topic, "filter" | "open" | "bound" | "at">;

function createTopic(fixed: Fixed, params: readonly string[], bound: Readonly<Record<string, string>>): Topic {
  const topic: Topic = Object.freeze({
    ...fixed,
    filter: bindName(fixed.name, bound),
    open: Object.freeze(params.filter((param) => !Object.hasOwn(bound, param))),
    bound: Object.freeze({ ...bound }),
    at: (values: Readonly<Record<string, string>>) => {
      const next = bindAll(fixed.name, params, { ...bound, ...values });
      // A topic without open parameters is the same whatever is asked of it.
      return (Object.keys(values).length === 0 ? topic : createTopic(fixed, params, next)) as Topic<
        unknown,
        unknown,
        never
      >; // bindAll left nothing open
    },
  });
  return topic;
}

function bindAll(
  name: string,
  params: readonly string[],
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  for (const param of params) {
    const value: unknown = Object.hasOwn(values, param) ? values[param] : undefined;
    if (value === undefined) throw new TypeError(`The topic ${name} needs a value for {${param}}`);
    if (!isLevel(value)) {
      throw new TypeError(
        `The topic ${name} cannot have ${JSON.stringify(value)} for {${param}}: one level, without / + #`,
      );
    }
  }
  const unknown = Object.keys(values).find((key) => !params.includes(key));
  if (unknown !== undefined) throw new TypeError(`The topic ${name} has no parameter {${unknown}}`);
  if (!isValidTopicName(bindName(name, values)))
    throw new TypeError(`The topic ${name} becomes too long with these values`);
  return values;
}
