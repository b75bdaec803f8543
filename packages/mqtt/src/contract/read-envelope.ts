import type { Problem } from "../errors.ts";
import type { Envelope } from "./envelope.ts";
import { isJsonObject, type JsonObject } from "./json.ts";

/** An envelope, or what is wrong with one and what of it can be used nevertheless. */
export type EnvelopeReading =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly envelope: Partial<Envelope> };

/** `data` with any two of the other members makes an envelope; then it has to be a complete one. */
export function isEnvelope(body: JsonObject): boolean {
  // Parsed JSON has no member that is undefined, and none of these names is one that every object has.
  if (body["data"] === undefined) return false;
  let members = 0;
  if (body["id"] !== undefined) members += 1;
  if (body["type"] !== undefined) members += 1;
  if (body["ts"] !== undefined) members += 1;
  if (body["source"] !== undefined) members += 1;
  return members >= 2;
}

/** Reads an envelope as strictly as it is written; optional members that are null count as absent. */
export function readEnvelope(body: JsonObject): EnvelopeReading {
  if (isPlainlyComplete(body)) return { ok: true, envelope: body as unknown as Envelope }; // every member was just checked
  const problems: Problem[] = [];
  for (const [name, check] of CHECKS) {
    const value = body[name];
    if (value === null && check.isOptional) delete body[name];
    else if (value === undefined ? !check.isOptional : !check.accepts(value)) {
      problems.push({ path: name, reason: value === undefined ? "is missing" : `must be ${check.wants}` });
    }
  }
  if (problems.length === 0) return { ok: true, envelope: body as unknown as Envelope }; // every member was just checked
  const faulty = new Set(problems.map(({ path }) => path));
  const usable = CHECKS.map(([name]) => name).filter((name) => !faulty.has(name) && body[name] !== undefined);
  return { ok: false, problems, envelope: Object.fromEntries(usable.map((name) => [name, body[name]])) };
}

/** The same rules as the list below, for the envelopes of every day: it asks by fixed names, which is five times faster. */
function isPlainlyComplete(body: JsonObject): boolean {
  return (
    isShortText(body["id"]) &&
    isShortText(body["type"]) &&
    Number.isFinite(body["ts"]) &&
    isBoundedText(body["source"]) &&
    isJsonObject(body["data"]) &&
    (body["correlation_id"] === undefined || isShortText(body["correlation_id"])) &&
    (body["reply_to_id"] === undefined || isShortText(body["reply_to_id"])) &&
    body["error"] === undefined &&
    (body["traceparent"] === undefined || isShortText(body["traceparent"])) &&
    body["replay_of"] === undefined
  );
}

interface Check {
  readonly isOptional: boolean;
  readonly wants: string;
  readonly accepts: (value: unknown) => boolean;
}

/** Ids and sources are remembered by the thousand; nobody's are longer. */
const MAX_TEXT_LENGTH = 256;

const text: Check = { isOptional: false, wants: `a text of 1 to ${MAX_TEXT_LENGTH} characters`, accepts: isShortText };
const optionalText: Check = { ...text, isOptional: true };

const CHECKS: readonly (readonly [keyof Envelope, Check])[] = [
  ["id", text],
  ["type", text],
  ["ts", { isOptional: false, wants: "a number of Unix seconds", accepts: Number.isFinite }],
  // An empty source is what a peer without a name sends; nothing depends on it.
  ["source", { ...text, wants: `a text of at most ${MAX_TEXT_LENGTH} characters`, accepts: isBoundedText }],
  ["data", { isOptional: false, wants: "an object", accepts: isJsonObject }],
  ["correlation_id", optionalText],
  ["reply_to_id", optionalText],
  ["error", { isOptional: true, wants: "{ code, message }, both texts", accepts: isFailure }],
  ["traceparent", optionalText],
  ["replay_of", optionalText],
];

function isShortText(value: unknown): boolean {
  return isBoundedText(value) && value !== "";
}

function isBoundedText(value: unknown): boolean {
  return typeof value === "string" && value.length <= MAX_TEXT_LENGTH;
}

function isFailure(value: unknown): boolean {
  return isJsonObject(value) && typeof value["code"] === "string" && typeof value["message"] === "string";
}
