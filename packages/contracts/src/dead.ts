import { defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { EpochSec } from "./fields.ts";

/** Why a message could not be handled. */
export const DeadLetterReason = z.enum([
  "undecodable",
  "bad_envelope",
  "contract",
  "too_large",
  "handler_failed",
  "handler_hung",
  "killed_process",
  "retained",
]);
export type DeadLetterReason = z.output<typeof DeadLetterReason>;

/** A message that could not be handled, as the client of its receiver keeps it. */
export const DeadLetterRecord = z.object({
  /** The last level of the letter's own topic. */
  id: z.string().min(1).max(256),
  /** Where the message came on. */
  topic: z.string().min(1),
  reason: DeadLetterReason,
  error: z.string(),
  attempts: z.number().int().nonnegative(),
  first_at: EpochSec,
  failed_at: EpochSec,
  source: z.string(),
  original_id: z.string(),
  correlation_id: z.string().optional(),
  payload_bytes: z.number().int().nonnegative(),
  /** Base64 of at most 64 KiB; of a private topic there is none. */
  payload: z.string().optional(),
  truncated: z.literal(true).optional(),
  /** Of a private topic instead of the payload: each member of `data`, and the length of its value as text. */
  fields: z.record(z.string(), z.number().int().nonnegative()).optional(),
});
export type DeadLetterRecord = z.output<typeof DeadLetterRecord>;

/**
 * Every client, of what it received → ui, cli. The client writes it by itself, as bare retained JSON, and clears it after seven
 * days; this says what stands there, for readers, documents and access lists. Nothing publishes by it but who clears a letter.
 */
export const deadLetter = defineTopic({
  name: "dead/{service}/{id}",
  type: "dead.letter",
  delivery: "state",
  wire: "bare",
  payload: DeadLetterRecord,
});
