import { defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { EpochSec, messageId, SiteId, UttId } from "./fields.ts";

/** Every word that the firmware is told. */
export const TestMovementCommand = z.enum([
  "reset",
  "step_forward",
  "step_backward",
  "turn_left",
  "turn_right",
  "wave",
  "laugh",
  "swing_legs",
  "pezz",
  "pezz_dispenser",
  "now",
  "balance",
  "mic_drop",
  "monster",
  "pose",
  "bow",
  "disable",
  "stop",
  "move_legs",
  "move_arm",
]);
export type TestMovementCommand = z.output<typeof TestMovementCommand>;

/** Every motion that movement-service is asked for: those words but `stop`, which has a topic that nothing can hold up. */
export const MovementAction = TestMovementCommand.exclude(["stop"]);
export type MovementAction = z.output<typeof MovementAction>;

/** The part of a joint's way, in percent. */
const percent = z.number().min(1).max(100);

/** `move_legs`: height 1 is down, 100 up; of a leg 1 is back, 100 forward. */
export const MoveLegsParams = z.object({ height_percent: percent, left_percent: percent, right_percent: percent });
export type MoveLegsParams = z.output<typeof MoveLegsParams>;

/** `move_arm`: `port` is the right arm, `star` the left one; joints that are not named stay. */
export const MoveArmParams = z
  .object({
    port_main: percent.optional(),
    port_forearm: percent.optional(),
    port_hand: percent.optional(),
    star_main: percent.optional(),
    star_forearm: percent.optional(),
    star_hand: percent.optional(),
  })
  .refine((joints) => Object.values(joints).some((joint) => joint !== undefined), {
    message: "must name at least one joint",
  });
export type MoveArmParams = z.output<typeof MoveArmParams>;

/** Parameters by name; of a motion that has none of its own they are nobody's affair here. */
const params = z.record(z.string(), z.unknown()).default({});

const PARAMS_OF: Readonly<Record<string, z.ZodType | undefined>> = {
  move_legs: MoveLegsParams,
  move_arm: MoveArmParams,
};

/** The parameters have to be those of the command. */
function checkParams(
  motion: { readonly command: string; readonly params: Readonly<Record<string, unknown>> },
  context: z.core.$RefinementCtx,
): void {
  const { error } = PARAMS_OF[motion.command]?.safeParse(motion.params) ?? {};
  for (const { path, message } of error?.issues ?? []) {
    context.addIssue({ code: "custom", path: ["params", ...path], message });
  }
}

/** From 0.1, slow, to 1. */
export const MotionSpeed = z.number().min(0.1).max(1);

/** A motion is wanted. */
export const MovementCommand = z
  .object({
    message_id: messageId,
    timestamp: EpochSec.optional(),
    /** Of this motion, in `movement/state` and `movement/status`; absent: the envelope's id. */
    id: z.string().min(1).max(128).optional(),
    command: MovementAction,
    params,
    /** Absent: the motion's own. */
    speed: MotionSpeed.optional(),
    /** Who wants it. What does not say so is trusted as little as a model. */
    origin: z.enum(["voice", "page", "model"]).default("model"),
    /** The turn in which a person said yes; without it a model's locomotion is refused. */
    confirmed_by: UttId.optional(),
    /** The turn that it belongs to, and ends with. */
    utt_id: UttId.optional(),
    site_id: SiteId.optional(),
  })
  .superRefine(checkParams);
export type MovementCommand = z.output<typeof MovementCommand>;

/** router, llm-worker (its tools), ui → movement-service. */
export const movementCommand = defineTopic({
  name: "movement/command",
  type: "movement.command",
  delivery: "command",
  ttlMs: 5_000,
  keepNull: ["params"],
  // The reference has a contract of it and no program, so `compat` leaves it whole: without `origin` nobody could walk.
  payload: MovementCommand,
});

/** A named command for the robot's own firmware, which has its sequences in itself. */
export const TestMovementRequest = z
  .object({
    message_id: messageId,
    timestamp: EpochSec.optional(),
    command: TestMovementCommand,
    speed: MotionSpeed.default(1),
    params,
    /** Comes back in `movement/status`. */
    request_id: z.string().min(1).max(128).optional(),
  })
  .superRefine(checkParams);
export type TestMovementRequest = z.output<typeof TestMovementRequest>;

/** movement-service → firmware, which reads no envelope. QoS 0, since it acts on what is late and on what is retained. */
export const movementTest = defineTopic({
  name: "movement/test",
  type: "movement.test",
  delivery: "stream",
  wire: "bare",
  reference: { lacks: [] },
  keepNull: ["params"],
  payload: TestMovementRequest,
});
