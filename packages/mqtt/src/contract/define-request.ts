import type { StandardSchemaV1 } from "@standard-schema/spec";
import { defineTopic } from "./define-topic.ts";
import type { InReference, Priority, RequestPair } from "./topic.ts";

/** How long an asker waits unless it says otherwise; both halves are worthless afterwards. */
export const DEFAULT_REQUEST_TIMEOUT_MS = 5_000;

/** What `defineRequest` is told: two topics of one exchange. */
export interface RequestDefinition<Request extends StandardSchemaV1, Reply extends StandardSchemaV1> {
  /** Concrete names, without parameters. */
  readonly name: string;
  readonly type: string;
  readonly payload: Request;
  readonly replyName: string;
  readonly replyType: string;
  readonly replyPayload: Reply;
  /** The usual timeout, in ms, and with it the ttl of both halves. Default 5 000. */
  readonly ttlMs?: number;
  readonly priority?: Priority;
  readonly private?: boolean;
  readonly keepNull?: readonly string[];
  readonly replyKeepNull?: readonly string[];
  /** Absent: the reference has no such request. */
  readonly reference?: InReference;
  readonly replyReference?: InReference;
}

/**
 * A question and its answer. Requests never wait for each other: each has its envelope's id as key.
 *
 * @throws {TypeError} when a definition contradicts itself, or a name has parameters.
 */
export function defineRequest<const Request extends StandardSchemaV1, const Reply extends StandardSchemaV1>(
  definition: RequestDefinition<Request, Reply>,
): RequestPair<
  StandardSchemaV1.InferInput<Request>,
  StandardSchemaV1.InferOutput<Request>,
  StandardSchemaV1.InferInput<Reply>,
  StandardSchemaV1.InferOutput<Reply>
> {
  const shared = {
    ttlMs: definition.ttlMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
    priority: definition.priority ?? "normal",
    private: definition.private ?? false,
  };
  const request = defineTopic({
    ...shared,
    name: definition.name,
    type: definition.type,
    delivery: "command",
    payload: definition.payload,
    key: (_data, _params, message) => message.id,
    keepNull: definition.keepNull ?? [],
    ...(definition.reference && { reference: definition.reference }),
  });
  const reply = defineTopic({
    ...shared,
    name: definition.replyName,
    type: definition.replyType,
    delivery: "event",
    payload: definition.replyPayload,
    keepNull: definition.replyKeepNull ?? [],
    ...(definition.replyReference && { reference: definition.replyReference }),
  });
  return Object.freeze({ request: request.at({}), reply: reply.at({}) });
}
