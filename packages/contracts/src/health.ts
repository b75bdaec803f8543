import { defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { EpochSec, Hex32, messageId, Reason } from "./fields.ts";

/** How a service is. The reference's members come first; old firmware sends only `ok`, `event` and `timestamp`. */
export const HealthPing = z.object({
  message_id: messageId,
  ok: z.boolean(),
  /** `ready`, `reconnected`, `shutdown`, `lost` (the last will) … */
  event: z.string().optional(),
  /** What is wrong, when `ok` is false. */
  err: Reason.optional(),
  timestamp: EpochSec.optional(),
  /** 64 random bits for each connection attempt: orders wills and births, compared by equality only. */
  session: z
    .string()
    .regex(/^[0-9a-f]{16}$/, "must be 16 lower-case hex characters")
    .optional(),
  /** One for each life of the process. Retained states of another boot are stale. */
  boot: Hex32.optional(),
  version: z.string().optional(),
  pid: z.number().int().positive().optional(),
  /** What does not work although the service is up, each with its remedy, in sentences. */
  degraded: z.array(Reason).optional(),
  /** The client's control link. */
  control: z.enum(["up", "down", "unused"]).optional(),
  /** What only this service has to say; movement: `epoch`. */
  detail: z.record(z.string(), z.unknown()).optional(),
});
export type HealthPing = z.output<typeof HealthPing>;

/** Every service → ui, router; also its last will. A retained value alone is no proof of life. */
export const systemHealth = defineTopic({
  name: "system/health/{service}",
  type: "health.status",
  delivery: "state",
  acceptsBare: true,
  reference: { lacks: ["session", "boot", "version", "pid", "degraded", "control", "detail"] },
  keepNull: ["detail"],
  payload: HealthPing,
});

/** The reference's heartbeat. */
export const Keepalive = z.object({
  ok: z.literal(true),
  event: z.literal("heartbeat"),
  timestamp: EpochSec,
});
export type Keepalive = z.output<typeof Keepalive>;

/** Every client that has its heartbeat switched on. */
export const systemKeepalive = defineTopic({
  name: "system/keepalive/{client_id}",
  type: "system.keepalive",
  delivery: "stream",
  wire: "bare",
  reference: { lacks: [] },
  payload: Keepalive,
});
