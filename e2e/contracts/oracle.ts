/**
 * What has to become of a payload, told without the code under test: Ajv and the published JSON Schema, a table of rules that JSON
 * Schema cannot say, and a reading of envelopes written for this purpose.
 *
 *   bytes ─▶ UTF-8, JSON, object ─▶ envelope or bare ─▶ nulls go ─▶ schema, rules ─▶ handled with this data, or refused
 */
import { isUtf8 } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import type { Topic } from "@ts-tars/mqtt/contract";
import { isFailedReply, isJsonObject, isMeantAsEnvelope, isWholeEnvelope, type JsonObject } from "./envelope.ts";
import { faithful } from "./faithful.ts";
import { expectFrame } from "./frame-oracle.ts";
import { depthOf, withoutNulls } from "./pruned.ts";
import type { PublishedSchema } from "./published-schema.ts";
import { meetsRules } from "./refinements.ts";

/** What has to become of one payload. */
export type Expectation =
  | {
      readonly kind: "handled";
      /** What is wrong with what the handler got; undefined when nothing is. */
      readonly objection: (seen: unknown) => string | undefined;
      /** Of the envelope; undefined when there is none. */
      readonly envelope: JsonObject | undefined;
      /** The body does not fit, and the topic hands over every body: this one as one that says nothing. */
      readonly isStandIn?: true;
    }
  /** An empty payload on a topic of state: the value is gone. */
  | { readonly kind: "cleared" }
  | {
      readonly kind: "refused";
      readonly why: string;
      /** It may be counted as the failed answer to a request instead. */
      readonly isFailedReply: boolean;
    };

/** Deeper than this no message is read. */
const DEPTH_MAX = 64;

export type Oracle = (payload: Buffer) => Expectation;

/** Of one topic; `schema` is undefined for frames. */
export function createOracle(topic: Topic, schema: PublishedSchema | undefined): Oracle {
  if (schema === undefined) return frameOracle;
  return (payload) => {
    if (topic.delivery === "state" && payload.length === 0) return { kind: "cleared" };
    const expected = expectJson({ topic, schema }, payload);
    return topic.wire === "any" && expected.kind === "refused" ? standIn : expected;
  };
}

const standIn: Expectation = {
  kind: "handled",
  isStandIn: true,
  envelope: undefined,
  objection: (seen) => (isDeepStrictEqual(seen, {}) ? undefined : "something of a body that does not fit was believed"),
};

function frameOracle(payload: Buffer): Expectation {
  const expected = expectFrame(payload);
  if (expected.kind === "none") return refused(expected.why);
  const objection = (seen: unknown): string | undefined =>
    isDeepStrictEqual(seen, expected.frame) ? undefined : "is another frame";
  return { kind: "handled", objection, envelope: undefined };
}

interface Place {
  readonly topic: Topic;
  readonly schema: PublishedSchema;
}

function expectJson(place: Place, payload: Buffer): Expectation {
  const body = parse(payload);
  if (!isJsonObject(body)) return refused("is no JSON object in UTF-8");
  if (isMeantAsEnvelope(body)) {
    const skips = isFailedReply(body);
    if (!isWholeEnvelope(body)) return refused("is a broken envelope", skips);
    return expectData(place, { data: body["data"], envelope: body, skips });
  }
  const readsBare = place.topic.acceptsBare || place.topic.wire === "bare" || place.topic.wire === "any";
  return readsBare ? expectData(place, { data: body, envelope: undefined, skips: false }) : refused("has no envelope");
}

function parse(payload: Buffer): unknown {
  if (!isUtf8(payload)) return undefined;
  // RFC 8259 lets a reader skip a byte order mark, and so does ours.
  const text = payload.toString("utf8").replace(/^\uFEFF/u, "");
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch {
    return undefined;
  }
}

interface Candidate {
  readonly data: unknown;
  readonly envelope: JsonObject | undefined;
  readonly skips: boolean;
}

function expectData({ topic, schema }: Place, { data, envelope, skips }: Candidate): Expectation {
  const { value, hasPrototypes } = withoutNulls(data, topic.keepNull);
  if (depthOf(value) > DEPTH_MAX) return refused("is nested too deeply", skips);
  if (!schema.accepts(value)) return refused("breaks its schema", skips);
  if (!meetsRules(topic.name, value)) return refused("breaks a rule of its topic", skips);
  const isStrict = envelope === undefined && topic.wire !== "any";
  if (isStrict && (hasPrototypes || !schema.acceptsNoStranger(value))) return refused("has a member nobody knows");
  const objection = (seen: unknown): string | undefined => {
    if (!schema.accepts(seen)) return "breaks its published schema";
    if (!meetsRules(topic.name, seen)) return "breaks a rule of its topic";
    return faithful({ seen, sent: value }, schema);
  };
  return { kind: "handled", objection, envelope };
}

function refused(why: string, isReply = false): Expectation {
  return { kind: "refused", why, isFailedReply: isReply };
}
