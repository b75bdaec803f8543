import { defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { CaptureId, EpochSec, messageId, Reason, SampleIndex, siteId, UttId } from "./fields.ts";

/** What is told. Ours are `wake`, `interrupt` and `error`; of the reference's others nothing follows: router decides here. */
export const WakeEventType = z.enum(["wake", "interrupt", "timeout", "resume", "cancelled", "error"]);
export type WakeEventType = z.output<typeof WakeEventType>;

/**
 * Why. `wake_phrase`; an interrupt by the phrase (`double_wake`), by the `stop_word`, or by speech over our own (`level`);
 * `detector_failure`. The reference's others go with its own types: `silence` (timeout), `timeout` (resume), `cancel` (cancelled).
 */
export const WakeCause = z.enum([
  "wake_phrase",
  "double_wake",
  "stop_word",
  "level",
  "silence",
  "timeout",
  "cancel",
  "detector_failure",
]);
export type WakeCause = z.output<typeof WakeCause>;

/** Somebody called the robot, or speaks into its speech. */
export const WakeEvent = z.object({
  message_id: messageId,
  type: WakeEventType,
  /** The turn that is being spoken, with `interrupt`. */
  tts_id: UttId.optional(),
  /** The engine's own score; those of different engines are not comparable. */
  confidence: z.number().min(0).max(1).optional(),
  /** How loud it was: the root mean square, in the scale of whoever says it. */
  energy: z.number().min(0).optional(),
  cause: WakeCause.optional(),
  /** Unix seconds. The reference sends its monotonic clock, so nothing is told from it. */
  ts: EpochSec.optional(),
  /** The words that were heard, lower case. */
  phrase: z.string().min(1).max(64).optional(),
  /** The capture that the samples are counted in. */
  capture_id: CaptureId.optional(),
  /** Where the phrase lies, from the engine's segment, not from when it was reported. */
  phrase_start_sample: SampleIndex.optional(),
  phrase_end_sample: SampleIndex.optional(),
  /** With the cause `level`: the first frame over the threshold, less 300 ms. */
  onset_sample: SampleIndex.optional(),
  /** dB of the phrase over the noise before it: of several sites the best one is answered. */
  over_floor_db: z.number().optional(),
  /** What is wrong and the one thing to do, with `error`. */
  detail: Reason.optional(),
  site_id: siteId,
});
export type WakeEvent = z.output<typeof WakeEvent>;

/** wake-activation → router, stt-worker, ui. */
export const wakeEvent = defineTopic({
  name: "wake/event",
  type: "wake.event",
  delivery: "event",
  ttlMs: 5_000,
  reference: {
    lacks: [
      ...["phrase", "capture_id", "phrase_start_sample", "phrase_end_sample", "onset_sample"],
      ...["over_floor_db", "detail", "site_id"],
    ],
  },
  payload: WakeEvent,
});
