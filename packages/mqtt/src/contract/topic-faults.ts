import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { TopicDefinition } from "./topic-definition.ts";

/** A definition as an untyped caller may hand it over. */
type Definition = TopicDefinition<string, StandardSchemaV1>;

const DELIVERIES: ReadonlySet<unknown> = new Set(["stream", "event", "command", "state"]);
const WIRES: ReadonlySet<unknown> = new Set(["envelope", "bare", "any", "binary"]);
const PRIORITIES: ReadonlySet<unknown> = new Set(["normal", "high"]);

/** Everything in a definition that contradicts itself, each as the end of a sentence about the topic. */
export function faultsOfDefinition(definition: Definition): readonly string[] {
  const faults = [...faultsOfForm(definition), ...faultsOfDelivery(definition), ...faultsOfWire(definition)];
  // The schema is asked only when the rest holds: what it should accept depends on the wire format.
  return faults.length > 0 ? faults : faultsOfSchema(definition);
}

function faultsOfForm(definition: Definition): readonly string[] {
  const {
    type,
    delivery,
    priority = "normal",
    wire = "envelope",
    ttlMs = "none",
    key,
    keepNull = [],
    reference,
  } = definition;
  return [
    ...fault(typeof type !== "string" || type === "", "needs a type, such as tts.say"),
    ...fault(!DELIVERIES.has(delivery), "needs a delivery: stream, event, command or state"),
    ...fault(!PRIORITIES.has(priority), "has an unknown priority; use normal or high"),
    ...fault(!WIRES.has(wire), "has an unknown wire format; use envelope, bare, any or binary"),
    ...fault(!isTtl(ttlMs), 'has a ttlMs that is neither a whole number of milliseconds above 0 nor "none"'),
    ...fault(key !== undefined && typeof key !== "function", "has a key that is not a function"),
    ...fault(keepNull.includes(""), "has an empty path in keepNull; name the member below which nulls are values"),
    ...fault(reference?.lacks.includes("") === true, "has an empty path in reference.lacks; name the member"),
  ];
}

function faultsOfDelivery(definition: Definition): readonly string[] {
  const { delivery, ttlMs, priority, durable = false } = definition;
  const high = priority === "high";
  return [
    ...fault(
      delivery === "command" && ttlMs === undefined,
      'is a command and needs ttlMs: after how long must it not run any more? ("none" needs a reason beside it)',
    ),
    ...fault(durable && delivery !== "command", "is durable, which only a command can be"),
    ...fault(durable && high, "is durable and high; what is high is never stored"),
    ...fault(
      high && (delivery === "stream" || delivery === "state"),
      `is a ${delivery} of high priority; only events and commands are`,
    ),
  ];
}

function faultsOfWire(definition: Definition): readonly string[] {
  const { delivery, wire = "envelope", acceptsBare = false } = definition;
  return [
    ...fault(wire === "binary" && delivery !== "stream", "is binary, which only a stream can be"),
    ...fault(acceptsBare && wire !== "envelope", `has acceptsBare, which says nothing beside wire "${wire}"`),
  ];
}

function faultsOfSchema({ payload, wire = "envelope", acceptsBare = false }: Definition): readonly string[] {
  const validate: unknown = payload?.["~standard"]?.validate;
  if (typeof validate !== "function") return ["needs a payload that is a Standard Schema, such as one of Zod 4"];
  if (wire === "binary") return [];
  const outcome = payload["~standard"].validate({});
  if (outcome instanceof Promise) {
    outcome.catch(() => undefined); // only asked whether it is one
    return ["has a schema that validates asynchronously; use a synchronous one"];
  }
  const acceptsEmpty = outcome.issues === undefined;
  return [
    ...fault(
      acceptsEmpty && (wire === "bare" || acceptsBare),
      "reads bare JSON and its schema accepts {}, so any foreign object would count as a message; " +
        'make a member required, or say wire "any"',
    ),
    ...fault(
      !acceptsEmpty && wire === "any",
      'has wire "any" and its schema does not accept {}; give each member a default',
    ),
  ];
}

function isTtl(ttlMs: unknown): boolean {
  return ttlMs === "none" || (typeof ttlMs === "number" && Number.isSafeInteger(ttlMs) && ttlMs > 0);
}

function fault(present: boolean, text: string): readonly string[] {
  return present ? [text] : [];
}
