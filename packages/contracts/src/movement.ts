import { defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { EpochSec, messageId, Reason, UttId } from "./fields.ts";
import { MotionSpeed } from "./movement-command.ts";

const about = { message_id: messageId, timestamp: EpochSec.optional() };

/** How often motion was stopped. What carries an older one is of before the last stop, and nobody follows it any more. */
export const MotionEpoch = z.number().int().nonnegative();

/** A channel of the servo driver, 0 to 15, as JSON has it. */
const Channel = z.string().regex(/^(?:\d|1[0-5])$/, "must be a channel from 0 to 15");

/** The length of a pulse in µs; 50 of them a second leave 20 000 for each. */
const PulseUs = z.number().int().min(0).max(20_000);

/** Where the servos are to be next. */
export const MovementFrame = z.object({
  ...about,
  /** The motion's. */
  id: z.string().min(1).max(128),
  /** Of `total` frames. */
  seq: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  /** The way there, and the rest before the next frame. */
  duration_ms: z.number().int().nonnegative(),
  hold_ms: z.number().int().nonnegative(),
  /** Channels that are not named stay. */
  channels: z.record(Channel, PulseUs),
  /** Then the servos are let go. */
  disable_after: z.boolean().default(false),
  /** The last one of its motion. */
  done: z.boolean().default(false),
  /** A frame that does not say is of before the first stop. */
  epoch: MotionEpoch.default(0),
});
export type MovementFrame = z.output<typeof MovementFrame>;

/** movement-service → controller, at most 200 ms ahead of its time. Never kept, never repeated. */
export const movementFrame = defineTopic({
  name: "movement/frame",
  type: "movement.frame",
  delivery: "stream",
  ttlMs: 250,
  // The reference has a contract of it and no program, so `compat` leaves it whole: without `epoch` it would outlive a stop.
  payload: MovementFrame,
});

/** How far a motion is. */
export const MovementStateEvent = z.enum(["started", "frame_sent", "completed", "failed", "cancelled"]);
export type MovementStateEvent = z.output<typeof MovementStateEvent>;

/** What became of a motion. */
export const MotionState = z.object({
  ...about,
  /** The motion's. */
  id: z.string().min(1).max(128),
  event: MovementStateEvent,
  /** Of the frame. */
  seq: z.number().int().optional(),
  detail: z.string().optional(),
});
export type MotionState = z.output<typeof MotionState>;

/** The firmware's own words for what it does. */
export const FirmwareEvent = z.enum([
  "ready",
  "command_queued",
  "command_error",
  "frame_applied",
  "stopped",
  "error",
  "shutdown",
]);
export type FirmwareEvent = z.output<typeof FirmwareEvent>;

/** What the firmware says. Its clock is not set: `timestamp` is no time of day. */
export const FirmwareState = z.object({
  ...about,
  event: FirmwareEvent,
  /** With `command_queued`. */
  command: z.string().optional(),
  speed: MotionSpeed.optional(),
  queue_size: z.number().int().nonnegative().optional(),
  /** With `command_error` and `error`. */
  error: z.string().optional(),
  /** With `frame_applied`, in whatever form; nothing of ours reads it. */
  channels: z.unknown().optional(),
  /** With `stopped`, which is said and not done: a sequence that runs goes on. */
  reason: z.string().optional(),
});
export type FirmwareState = z.output<typeof FirmwareState>;

/** Told apart by `event`. */
export const MovementState = z.discriminatedUnion("event", [MotionState, FirmwareState]);
export type MovementState = z.output<typeof MovementState>;

/** movement-service, firmware → ui, router. */
export const movementState = defineTopic({
  name: "movement/state",
  type: "movement.state",
  delivery: "event",
  ttlMs: 10_000,
  acceptsBare: true,
  reference: { lacks: [] },
  keepNull: ["channels"],
  payload: MovementState,
});

/** What happened to a command, or to the robot's ability to move. */
export const MovementStatusEvent = z.enum([
  "connected",
  "disconnected",
  "command_started",
  "command_completed",
  "command_failed",
  "emergency_stop",
  "stop_cleared",
  "queue_full",
  "battery_low",
]);
export type MovementStatusEvent = z.output<typeof MovementStatusEvent>;

/** How commands and the body are. */
export const MovementStatusUpdate = z.object({
  ...about,
  event: MovementStatusEvent,
  command: z.string().optional(),
  detail: z.string().optional(),
  /** The command's. */
  request_id: z.string().optional(),
  /** The turn that the command belongs to. */
  utt_id: UttId.optional(),
  /** With `emergency_stop`: what `movement/release` has to name. */
  epoch: MotionEpoch.optional(),
});
export type MovementStatusUpdate = z.output<typeof MovementStatusUpdate>;

/** firmware, movement-service → router, ui. */
export const movementStatus = defineTopic({
  name: "movement/status",
  type: "movement.status",
  delivery: "event",
  ttlMs: 10_000,
  acceptsBare: true,
  reference: { lacks: ["utt_id", "epoch"] },
  payload: MovementStatusUpdate,
});

/** Everything that moves is to stop, and to stay so. Every member may be missing: whatever body arrives, it stops. */
export const EmergencyStopCommand = z.object({
  ...about,
  reason: Reason.optional(),
  /** The epoch that ends; movement-service begins one that is newer than this and than its own. */
  epoch: MotionEpoch.optional(),
});
export type EmergencyStopCommand = z.output<typeof EmergencyStopCommand>;

/** anyone → movement-service, firmware. It latches: only `movement/release` ends it. */
export const movementStop = defineTopic({
  name: "movement/stop",
  type: "movement.stop",
  delivery: "command",
  // A stop is meant however late it comes; nothing moves on without a release.
  ttlMs: "none",
  priority: "high",
  wire: "any",
  reference: { lacks: ["epoch"] },
  payload: EmergencyStopCommand,
});

/** The control link still carries what is sent to movement-service. */
export const MovementBeat = z.object({
  epoch: MotionEpoch,
  /** Counts the beats of one motion. */
  seq: z.number().int().nonnegative(),
});
export type MovementBeat = z.output<typeof MovementBeat>;

/** movement-service → movement-service, every 250 ms while something moves. 750 ms without one stop it. */
export const movementBeat = defineTopic({
  name: "movement/beat",
  type: "movement.beat",
  delivery: "command",
  ttlMs: 1_000,
  priority: "high",
  payload: MovementBeat,
});

/** A person has looked, and the robot may move again. */
export const MovementRelease = z.object({
  /** Of the stop that the person saw; a newer one stays. */
  epoch: MotionEpoch,
  /** Who released it: `page`, `cli`; shown. */
  reason: Reason.optional(),
});
export type MovementRelease = z.output<typeof MovementRelease>;

/** ui, cli → movement-service. Never a tool: a model cannot release. */
export const movementRelease = defineTopic({
  name: "movement/release",
  type: "movement.release",
  delivery: "command",
  ttlMs: 5_000,
  priority: "high",
  payload: MovementRelease,
});
