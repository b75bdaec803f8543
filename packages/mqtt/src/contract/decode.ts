import type { Problem } from "../errors.ts";
import { decodeFrame } from "./binary-frame.ts";
import type { Envelope } from "./envelope.ts";
import {
  CLEAN_ALONE,
  cleanse,
  countStripped,
  isJsonObject,
  type JsonObject,
  MAX_DEPTH,
  pathsOfStripped,
  TOO_DEEP,
  UNCLEAN,
} from "./json.ts";
import { isEnvelope, readEnvelope } from "./read-envelope.ts";
import type { Topic } from "./topic.ts";
import { type Verdict, validate } from "./validate.ts";

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

/** @throws {TypeError} when it is not UTF-8 */
function textOf(payload: Uint8Array): string {
  if (typeof Buffer === "undefined" || !(payload instanceof Buffer)) return utf8.decode(payload);
  // Half the price of the decoder, which is asked where the two may differ: at a replacement character, and a byte order mark.
  const text = payload.toString();
  return text.includes("\ufffd") || text.startsWith("\ufeff") ? utf8.decode(payload) : text;
}

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
    text = textOf(payload);
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

/** Most bodies are clean, and are found so on the way: to look for a null beforehand costs a scan of every body. */
function acceptData(candidate: Candidate): Decoded {
  const { topic, text, data } = candidate;
  const verdict = validate(topic, data);
  const stripped = verdict.ok ? countStripped(data, verdict.value, CLEAN_ALONE) : 0;
  const isClean = verdict.ok ? stripped !== UNCLEAN : !mayNeedCleansing(text);
  return isClean ? judge(candidate, { verdict, stripped, dropped: 0 }) : acceptCleansed(candidate);
}

function acceptCleansed(candidate: Candidate): Decoded {
  const { topic, envelope } = candidate;
  const clean = cleanse(candidate.data, topic.keepNull);
  if (clean === undefined) return refuse("undecodable", TOO_DEEP_REASON, envelope);
  const { value: data, dropped } = clean;
  const verdict = validate(topic, data);
  const stripped = verdict.ok ? countStripped(data, verdict.value) : 0;
  return judge({ ...candidate, data }, { verdict, stripped, dropped });
}

function judge(
  { topic, data, envelope }: Candidate,
  { verdict, stripped, dropped }: { readonly verdict: Verdict; readonly stripped: number; readonly dropped: number },
): Decoded {
  if (!verdict.ok) return withEnvelope({ ok: false, reason: "contract", problems: verdict.problems }, envelope);
  if (stripped === TOO_DEEP) return refuse("undecodable", TOO_DEEP_REASON, envelope);
  const strippedKeys = stripped + dropped;
  if (strippedKeys > 0 && envelope === undefined && topic.wire !== "any") {
    return { ok: false, reason: "contract", problems: unknownMembers(data, verdict.value) };
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
