import type { StandardSchemaV1 } from "@standard-schema/spec";

/**
 * How a topic's messages travel, and what becomes of them when the link is down or full.
 *
 * - `stream`: QoS 0, nothing is kept while offline; the oldest of its key is dropped over the bound.
 * - `event`: QoS 1, kept in the bounded memory outbox.
 * - `command`: QoS 1, kept like an event, but it has a time to live: a late command must not run.
 * - `state`: QoS 1, retained; only the current value per topic is kept.
 */
export type Delivery = "stream" | "event" | "command" | "state";

/**
 * What the payload looks like on the wire.
 *
 * - `envelope`: JSON `{ id, type, ts, source, data }`.
 * - `bare`: the JSON of `data` alone, for peers that know no envelope; unknown keys are refused.
 * - `any`: every body is delivered; the schema's default stands in for one that does not fit.
 * - `binary`: a 32-byte header followed by bytes; `stream` only.
 */
export type WireFormat = "envelope" | "bare" | "any" | "binary";

/** `normal` travels on the data link, `high` on the control link, which no queue of the data link can hold up. */
export type Priority = "normal" | "high";

/** A topic that the reference has too. Its models are strict: one member that they do not know, and nothing is read. */
export interface InReference {
  /** Paths inside `data` (dots between names, no indexes) that they lack; `compat: "five-keys"` does not send these. */
  readonly lacks: readonly string[];
}

/**
 * One topic's promise: who may send what, how it is delivered, and how it looks on the wire. A frozen plain object.
 *
 * `In` is what a publisher passes, `Out` what a handler gets (defaults filled in), `Param` the names between braces
 * that are not bound yet; only a topic without any can be published to.
 */
export interface Topic<In = unknown, Out = unknown, Param extends string = string> {
  /** The name as declared, such as `system/health/{service}`. */
  readonly name: string;
  /** The MQTT topic filter: unbound parameters are `+`. Without any it is the concrete topic. */
  readonly filter: string;
  /** The parameters that are not bound yet; only a topic without any can be published to. */
  readonly open: readonly Param[];
  /** The parameters that `at` has bound, by name. */
  readonly bound: Readonly<Record<string, string>>;
  /** The envelope's `type`. */
  readonly type: string;
  readonly delivery: Delivery;
  readonly payload: StandardSchemaV1<In, Out>;
  /** Milliseconds after which the message is worthless; `"none"` when it never is. */
  readonly ttlMs: number | "none";
  readonly priority: Priority;
  /** Survives a crash of the publisher (needs a state directory). */
  readonly durable: boolean;
  /** Holds what people said or pictures: logs and dead letters keep names and lengths, never the values. */
  readonly private: boolean;
  readonly wire: WireFormat;
  /** An envelope topic that also reads bare JSON. */
  readonly acceptsBare: boolean;
  /** Paths inside `data` (dots between names) below which a null is a value, not an absent member. */
  readonly keepNull: readonly string[];
  /** What the reference has of this topic; undefined when it has no such topic. */
  readonly reference: InReference | undefined;
  /** Messages with equal keys are handled in order; by default the concrete topic. */
  key(message: {
    readonly data: Out;
    readonly params: Readonly<Record<Param, string>>;
    readonly topic: string;
    readonly id: string;
  }): string;
  /**
   * The topic with its parameters bound.
   *
   * @throws {TypeError} when a parameter is missing, empty, or holds `/`, `+`, `#` or a null character.
   */
  at(params: Readonly<Record<Param, string>>): Topic<In, Out, never>;
}

/** A topic whose parameters are all bound: one that can be published to. */
export type ConcreteTopic<In = unknown, Out = unknown> = Topic<In, Out, never>;

/** A foreign filter without a contract: its payload is handed over as bytes. */
export interface RawTopic {
  readonly raw: true;
  readonly filter: string;
}

/** A question and its answer: the request is a `command` whose ttl is the asker's timeout, the reply an `event`. */
export interface RequestPair<ReqIn = unknown, ReqOut = unknown, RepIn = unknown, RepOut = unknown> {
  readonly request: Topic<ReqIn, ReqOut, never>;
  readonly reply: Topic<RepIn, RepOut, never>;
}
