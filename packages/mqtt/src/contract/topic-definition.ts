import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Delivery, InReference, Priority, WireFormat } from "./topic.ts";
import type { TopicParam } from "./topic-name.ts";

/** What `defineTopic` is told; see `Topic` for what each member promises. */
export interface TopicDefinition<Name extends string, Schema extends StandardSchemaV1> {
  /** A literal, or with parameters as whole levels: `system/health/{service}`. */
  readonly name: Name;
  /** The envelope's `type`; what a receiver sees of another type is accepted and counted. */
  readonly type: string;
  readonly delivery: Delivery;
  /** Synchronous, strips unknown keys, idempotent: no transforms, no coercion. */
  readonly payload: Schema;
  /** Whole milliseconds, or `"none"`; a `command` must say which. Default `"none"`. */
  readonly ttlMs?: number | "none";
  /** Messages of equal keys are handled in order. Default: the concrete topic. */
  readonly key?: (
    data: StandardSchemaV1.InferOutput<Schema>,
    params: Readonly<Record<TopicParam<Name>, string>>,
    message: { readonly id: string; readonly topic: string },
  ) => string;
  /** Default `normal`. */
  readonly priority?: Priority;
  readonly durable?: boolean;
  readonly private?: boolean;
  /** Default `envelope`. */
  readonly wire?: WireFormat;
  readonly acceptsBare?: boolean;
  /** Names joined by dots; array indexes are not part of a path. Strictly below such a path a null is a value. */
  readonly keepNull?: readonly string[];
  /** Absent: the reference has no such topic. */
  readonly reference?: InReference;
}
