/** What a dead letter looks like on `dead/<service>/<id>`: retained JSON, so that it waits for a reader. */
import { isValidTopicName } from "../contract/index.ts";

/** Why a message could not be handled. */
export type DeadReason =
  | "undecodable"
  | "bad_envelope"
  | "contract"
  | "too_large"
  | "handler_failed"
  | "handler_hung"
  | "killed_process"
  | "retained";

/** One message that could not be handled, with what is needed to understand and to repeat it. */
export interface DeadLetter {
  readonly id: string;
  /** Where the message came on. */
  readonly topic: string;
  readonly reason: DeadReason;
  readonly error: string;
  readonly attempts: number;
  /** Unix seconds. */
  readonly first_at: number;
  readonly failed_at: number;
  readonly source: string;
  readonly original_id: string;
  readonly correlation_id?: string;
  readonly payload_bytes: number;
  /** Base64 of at most 64 KiB; absent on private topics. */
  readonly payload?: string;
  readonly truncated?: boolean;
  /** On private topics instead of the payload: each member of `data` and the length of its value as text. */
  readonly fields?: Readonly<Record<string, number>>;
}

/** Bytes of a payload that a dead letter keeps. */
export const KEPT_PAYLOAD_BYTES = 64 * 1024;
/** Characters of an error's text, and fields and characters of their names: what came in may be of any shape. */
const KEPT_ERROR_LENGTH = 2_000;
const KEPT_FIELDS = { count: 64, nameLength: 64 };

/** The part of a dead letter that tells what the message was, without what a private topic must not show. */
export function describePayload(
  payload: Uint8Array,
  { isPrivate }: { readonly isPrivate: boolean },
): Pick<DeadLetter, "payload_bytes" | "payload" | "truncated" | "fields"> {
  const bytes = { payload_bytes: payload.byteLength };
  if (isPrivate) return { ...bytes, fields: fieldLengths(payload) };
  const kept = Buffer.from(payload.subarray(0, KEPT_PAYLOAD_BYTES)).toString("base64");
  return { ...bytes, payload: kept, ...(payload.byteLength > KEPT_PAYLOAD_BYTES && { truncated: true }) };
}

/** An error as a dead letter may tell it: of a private topic only its kind, for its text may quote the message. */
export function describeError(error: unknown, { isPrivate }: { readonly isPrivate: boolean }): string {
  try {
    const text = isPrivate ? kindOf(error) : textOf(error);
    return text.length <= KEPT_ERROR_LENGTH ? text : `${text.slice(0, KEPT_ERROR_LENGTH)}…`;
  } catch {
    return "something was thrown that has no text"; // anything can be thrown, also what throws when it is looked at
  }
}

function kindOf(error: unknown): string {
  return error instanceof Error ? String(error.name) : typeof error;
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Reads a retained dead letter; undefined when it is none. */
export function parseDeadLetter(payload: Uint8Array): DeadLetter | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload).toString("utf8"));
    return isDeadLetter(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isDeadLetter(value: unknown): value is DeadLetter {
  return (
    value instanceof Object &&
    "id" in value &&
    typeof value.id === "string" &&
    "topic" in value &&
    typeof value.topic === "string" &&
    isValidTopicName(value.topic) &&
    "reason" in value &&
    typeof value.reason === "string" &&
    "failed_at" in value &&
    typeof value.failed_at === "number"
  );
}

function fieldLengths(payload: Uint8Array): Readonly<Record<string, number>> {
  try {
    const body: unknown = JSON.parse(Buffer.from(payload).toString("utf8"));
    const data = body instanceof Object && "data" in body ? body.data : body;
    if (!(data instanceof Object)) return {};
    // Readers of bare JSON refuse a member of that name, and with it the letter.
    const named = Object.entries(data).filter(([name]) => name !== "__proto__");
    const kept = named.slice(0, KEPT_FIELDS.count);
    return Object.fromEntries(kept.map(([name, value]) => [name.slice(0, KEPT_FIELDS.nameLength), lengthOf(value)]));
  } catch {
    return {};
  }
}

function lengthOf(value: unknown): number {
  return typeof value === "string" ? value.length : (JSON.stringify(value)?.length ?? 0);
}
