/** One message as one line: decoded by its contract where there is one, as it is where there is none. Pure. */
import { configSet } from "@ts-tars/contracts";
import type { Topic } from "@ts-tars/mqtt";
import { decodeMessage, matches } from "@ts-tars/mqtt/contract";
import { shownSound } from "./sound-line.ts";

/** A message from the wire. */
export interface WireMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly isRetained: boolean;
  /** Unix milliseconds, our clock. */
  readonly arrivedAtMs: number;
}

/** A message read as far as it can be. */
export interface ReadMessage {
  readonly topic: string;
  /** ISO 8601. */
  readonly at: string;
  readonly retained: boolean;
  readonly contract: string | undefined;
  readonly id: string | undefined;
  readonly source: string | undefined;
  readonly correlation_id: string | undefined;
  readonly data: unknown;
  /** The data in words, where its members say less than these. */
  readonly summary: string | undefined;
  /** What is wrong with it, path and reason; undefined when its contract accepts it or there is none. */
  readonly problem: string | undefined;
}

/** Reads a message by the first contract whose topics it is one of. */
export function readMessage(message: WireMessage, catalogue: readonly Topic[]): ReadMessage {
  const { topic, payload, isRetained, arrivedAtMs } = message;
  const contract = catalogue.find(({ filter }) => matches(filter, topic));
  const at = new Date(arrivedAtMs).toISOString();
  const common = { topic, at, retained: isRetained, contract: contract?.name, summary: undefined };
  // The owner cleared the value: there is nothing to read.
  if (payload.length === 0) return { ...common, ...NO_ENVELOPE, data: undefined, problem: undefined };
  if (contract === undefined) return { ...common, ...NO_ENVELOPE, data: plain(payload), problem: undefined };
  const decoded = decodeMessage(contract, payload);
  const { envelope } = decoded;
  const said = { id: envelope?.id, source: envelope?.source, correlation_id: envelope?.correlation_id };
  const isBinary = contract.wire === "binary";
  const mayHoldSecret = contract.name === configSet.request.name;
  if (decoded.ok) {
    const sound = isBinary ? (shownSound(decoded.data) ?? { data: sizeOf(payload) }) : undefined;
    const shown = sound ?? { data: mayHoldSecret ? keysOnly(decoded.data) : decoded.data };
    return { ...common, ...said, ...shown, problem: undefined };
  }
  const problems = decoded.problems.map(({ path, reason }) => `${path === "" ? "it" : path} ${reason}`).join("; ");
  const data = isBinary || mayHoldSecret ? sizeOf(payload) : plain(payload);
  return { ...common, ...said, data, problem: `${decoded.reason}: ${problems}` };
}

/** What is set may be a secret: which settings, and nothing of the values. */
function keysOnly(data: unknown): unknown {
  const values = typeof data === "object" && data !== null && "values" in data ? data.values : {};
  return { values: Object.fromEntries(Object.keys(Object(values)).map((key) => [key, "…"])) };
}

const NO_ENVELOPE = { id: undefined, source: undefined, correlation_id: undefined } as const;

/** JSON as JSON, text as text, anything else as its size. */
function plain(payload: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(payload);
  } catch {
    return sizeOf(payload);
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function sizeOf(payload: Uint8Array): string {
  return `${payload.length} bytes`;
}

/** How the parts of a line are painted. */
export interface LinePaint {
  readonly dim: (text: string) => string;
  readonly cyan: (text: string) => string;
  readonly red: (text: string) => string;
}

const CLOCK_FROM = "2000-01-01T".length;
const CLOCK_TO = "2000-01-01T00:00:00.000".length;
const SHOWN_ID_CHARS = 8;

/** Time, topic, source, the turn's first characters, and the data; what is wrong with it stands in front of the data. */
export function renderLine(message: ReadMessage, paint: LinePaint): string {
  const { at, topic, source, correlation_id, retained, data, summary, problem } = message;
  const who = [source, correlation_id?.slice(0, SHOWN_ID_CHARS), retained ? "retained" : undefined]
    .filter(Boolean)
    .join(" ");
  const body = summary ?? (data === undefined ? "(cleared)" : JSON.stringify(data));
  const parts = [paint.dim(at.slice(CLOCK_FROM, CLOCK_TO)), paint.cyan(topic)];
  if (who !== "") parts.push(paint.dim(who));
  if (problem !== undefined) parts.push(paint.red(`✗ ${problem}`));
  return [...parts, printable(body)].join("  ");
}

/** A line stays a line, and a payload cannot command the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
