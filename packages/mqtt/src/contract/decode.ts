import type { Problem } from "../errors.ts";
import { decodeFrame } from "./binary-frame.ts";
import type { Envelope } from "./envelope.ts";
import { cleanse, countStripped, isJsonObject, type JsonObject, MAX_DEPTH, pathsOfStripped, TOO_DEEP } from "./json.ts";
import { isEnvelope, readEnvelope } from "./read-envelope.ts";
import type { Topic } from "./topic.ts";
import { validate } from "./validate.ts";

/** A payload that its contract accepted, or why it did not. */
export type Decoded = Accepted | Refused;

/** A payload as a handler gets it. */
export interface Accepted {
  readonly ok: true;
  /** What the contract's schema made of it: defaults filled in, unknown members gone. */
  readonly data: unknown;
  /** Undefined for bare and binary messages. Its `data` is as it came; use the one beside it. */
  readonly envelope: Envelope | undefined;
  /** Members that the contract does not know; a newer peer sends them. */
  readonly strippedKeys: number;
  /** The envelope's type is not the contract's. */
  readonly typeDiffers: boolean;
}

/** A payload that no handler gets; it goes to the dead letters, or is counted. */
export interface Refused {
  readonly ok: false;
  /**
   * - `undecodable`: not a UTF-8 JSON object (or a frame without our header), or nested too deeply
   * - `bad_envelope`: an envelope with something missing or wrong, or none where the contract wants one
   * - `contract`: the data breaks the contract
   */
  readonly reason: "undecodable" | "bad_envelope" | "contract";
  /** Paths and reasons, never values: they may be private. */
  readonly problems: readonly Problem[];
  /** What of the envelope can be trusted: all of it when only the data is wrong. */
  readonly envelope?: Partial<Envelope>;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads a payload as its contract says. Never throws: the wire may carry anything. */
export function decodeMessage(topic: Topic, payload: Uint8Array): Decoded {
  if (topic.wire === "binary") return decodeBinary(topic, payload);
  const decoded = decodeJson(topic, payload);
  return topic.wire === "any" && !decoded.ok ? standIn(topic, decoded) : decoded;
}

function decodeBinary(topic: Topic, payload: Uint8Array): Decoded {
  const frame = decodeFrame(payload);
  if (!frame.ok) return refuse("undecodable", frame.reason);
  const verdict = validate(topic, frame.frame);
  if (!verdict.ok) return { ok: false, reason: "contract", problems: verdict.problems };
  return { ok: true, data: verdict.value, envelope: undefined, strippedKeys: 0, typeDiffers: false };
}

function decodeJson(topic: Topic, payload: Uint8Array): Decoded {
  let text: string;
  try {
    text = utf8.decode(payload);
  } catch {
    return refuse("undecodable", "is not UTF-8");
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return refuse("undecodable", text === "" ? "is empty" : "is not JSON"); // the parser's own words quote the text
  }
  if (!isJsonObject(body)) return refuse("undecodable", "is not a JSON object");
  if (!isEnvelope(body)) return decodeBare(topic, text, body);
  const reading = readEnvelope(body);
  if (!reading.ok) {
    return { ok: false, reason: "bad_envelope", problems: reading.problems, envelope: reading.envelope };
  }
  return acceptData({ topic, text, data: reading.envelope.data, envelope: reading.envelope });
}

function decodeBare(topic: Topic, text: string, body: JsonObject): Decoded {
  if (topic.wire === "envelope" && !topic.acceptsBare) {
    return refuse("bad_envelope", "is not an envelope with id, type, ts, source and data");
  }
  return acceptData({ topic, text, data: body, envelope: undefined });
}

interface Candidate {
  readonly topic: Topic;
  /** The whole body; tells in one scan whether anything in it has to be cleansed. */
  readonly text: string;
  readonly data: unknown;
  readonly envelope: Envelope | undefined;
}

function acceptData({ topic, text, data, envelope }: Candidate): Decoded {
  const clean = mayNeedCleansing(text) ? cleanse(data, topic.keepNull) : { value: data, dropped: 0 };
  if (clean === undefined) return refuse("undecodable", TOO_DEEP_REASON, envelope);
  const verdict = validate(topic, clean.value);
  if (!verdict.ok) return withEnvelope({ ok: false, reason: "contract", problems: verdict.problems }, envelope);
  const stripped = countStripped(clean.value, verdict.value);
  if (stripped === TOO_DEEP) return refuse("undecodable", TOO_DEEP_REASON, envelope);
  const strippedKeys = stripped + clean.dropped;
  if (strippedKeys > 0 && envelope === undefined && topic.wire !== "any") {
    return { ok: false, reason: "contract", problems: unknownMembers(clean.value, verdict.value) };
  }
  const typeDiffers = envelope !== undefined && envelope.type !== topic.type;
  return { ok: true, data: verdict.value, envelope, strippedKeys, typeDiffers };
}

const TOO_DEEP_REASON = `is nested more than ${MAX_DEPTH} levels deep`;

/** Nulls and `__proto__` can only be there when the text says so, the latter perhaps with escapes. */
function mayNeedCleansing(text: string): boolean {
  return text.includes("null") || text.includes("__proto__") || text.includes("\\u");
}

function unknownMembers(input: unknown, output: unknown): readonly Problem[] {
  const paths = pathsOfStripped(input, output);
  return (paths.length > 0 ? paths : ["__proto__"]).map((path) => ({
    path,
    reason: "is not a member of this message",
  }));
}

/** What `wire: "any"` delivers for a body that does not fit. `defineTopic` made sure that there is a default. */
function standIn(topic: Topic, refused: Refused): Decoded {
  const verdict = validate(topic, {});
  if (!verdict.ok) return refused;
  return { ok: true, data: verdict.value, envelope: undefined, strippedKeys: 0, typeDiffers: false };
}

function refuse(reason: Refused["reason"], why: string, envelope?: Envelope): Refused {
  return withEnvelope({ ok: false, reason, problems: [{ path: "", reason: why }] }, envelope);
}

function withEnvelope(refused: Refused, envelope: Envelope | undefined): Refused {
  return envelope === undefined ? refused : { ...refused, envelope };
}
