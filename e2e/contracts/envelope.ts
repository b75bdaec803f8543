/** What an envelope is, said a second time and by hand: the reading of docs/topics.md and of the golden files. Pure. */

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A body with `data` and two more of these is meant as an envelope, and never as anything else. */
const NAMES = ["id", "type", "ts", "source"];
const OPTIONAL_TEXTS = ["correlation_id", "reply_to_id", "traceparent", "replay_of"];
const TEXT_UNITS_MAX = 256;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isMeantAsEnvelope(body: JsonObject): boolean {
  return Object.hasOwn(body, "data") && NAMES.filter((name) => Object.hasOwn(body, name)).length >= 2;
}

/** Every member as it has to be. */
export function isWholeEnvelope(body: JsonObject): boolean {
  const isNamed = isText(body["id"], 1) && isText(body["type"], 1) && isText(body["source"], 0);
  const isTimed = typeof body["ts"] === "number" && Number.isFinite(body["ts"]);
  const hasTexts = OPTIONAL_TEXTS.every((name) => isAbsent(body[name]) || isText(body[name], 1));
  const hasFailure = isAbsent(body["error"]) || isFailure(body["error"]);
  return isNamed && isTimed && hasTexts && hasFailure && isJsonObject(body["data"]);
}

/** A reply that says why there is no answer: it concerns its asker alone, and is counted apart. */
export function isFailedReply(body: JsonObject): boolean {
  return isFailure(body["error"]) && isText(body["reply_to_id"], 1);
}

function isFailure(value: unknown): boolean {
  return isJsonObject(value) && typeof value["code"] === "string" && typeof value["message"] === "string";
}

function isText(value: unknown, leastUnits: number): boolean {
  return typeof value === "string" && value.length >= leastUnits && value.length <= TEXT_UNITS_MAX;
}

/** Null counts as absent. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
