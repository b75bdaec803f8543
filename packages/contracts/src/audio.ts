/**
 * Sound over the bus: browsers, satellites and files speak on `audio/{site}/mic`, and are spoken to on
 * `audio/{site}/speaker`. Both carry 16 000 Hz, mono, signed 16-bit little-endian PCM in the client's binary frame, whose
 * `position` is the index of the first sample.
 */
import { defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { CaptureId, DurationMs, EpochSec, Reason, SampleIndex } from "./fields.ts";

/** Samples in a second of all sound inside the robot. */
export const AUDIO_RATE_HZ = 16_000;

/** The most that one frame holds: 64 ms. Fewer than 20 ms come only at the end. */
export const AUDIO_FRAME_SAMPLES_MAX = 1_024;

/** Bits of a frame's `flags`. */
export const AUDIO_FLAG = Object.freeze({
  /** Nothing follows in this stream; the frame may be empty. */
  end: 1,
  /** On `mic`: the sound comes from a file, so that no microphone is open for it. */
  file: 2,
});

/** A frame of sound: whole samples, at most 64 ms of them. */
export const SoundFrame = z.object({
  /** Counts the frames of one stream, modulo 2^32. */
  sequence: z.number().int().min(0).max(0xffff_ffff),
  /** Unix seconds of publishing. */
  ts: EpochSec.optional(),
  /** On `mic` the `capture_id`; on `speaker` the `soundIdOf` the sentence. */
  stream_id: CaptureId,
  /** Of the first sample in its stream. */
  position: SampleIndex,
  flags: z.number().int().min(0).max(0xff).optional(),
  bytes: z.custom<Uint8Array>(isSound, `must be whole samples of 16 bits, at most ${AUDIO_FRAME_SAMPLES_MAX} of them`),
});
export type SoundFrame = z.output<typeof SoundFrame>;

function isSound(value: unknown): boolean {
  return value instanceof Uint8Array && value.length % 2 === 0 && value.length <= 2 * AUDIO_FRAME_SAMPLES_MAX;
}

const sound = { delivery: "stream", wire: "binary", private: true, payload: SoundFrame } as const;

/** A browser's, a satellite's or a file's sound → stt-worker, wake-activation. */
export const audioMic = defineTopic({ name: "audio/{site}/mic", type: "audio.mic", ...sound });

/** tts-worker → the loudspeaker of a site that is not this machine's; at most 100 ms ahead of its time. */
export const audioSpeaker = defineTopic({ name: "audio/{site}/speaker", type: "audio.speaker", ...sound });

/** What names a sentence in the frames of its sound: the first 16 of the 32 characters of its `say_id`. */
export function soundIdOf(sayId: string): string {
  return sayId.slice(0, SOUND_ID_CHARS);
}

const SOUND_ID_CHARS = 16;

/**
 * A sentence, by its whole `say_id` or by the `soundIdOf` it, which is all that a loudspeaker sees of it in the frames. Two of
 * them are the same sentence when their `soundIdOf` is.
 */
export const SpokenSentenceId = z
  .string()
  .regex(/^[0-9a-f]{16}(?:[0-9a-f]{16})?$/, "must be 32 lower-case hex characters, or the first 16 of them");
export type SpokenSentenceId = z.output<typeof SpokenSentenceId>;

/** How far a remote loudspeaker is with a sentence. */
export const AudioPlayout = z.object({
  say_id: SpokenSentenceId,
  /** How much of the sentence has sounded. */
  played_ms: DurationMs,
  state: z.enum(["playing", "ended", "failed"]),
  /** Why, when it failed. */
  detail: Reason.optional(),
});
export type AudioPlayout = z.output<typeof AudioPlayout>;

/** A remote loudspeaker → tts-worker, at least every 250 ms while a sentence sounds, and at its end. */
export const audioPlayout = defineTopic({
  name: "audio/{site}/playout",
  type: "audio.playout",
  delivery: "stream",
  payload: AudioPlayout,
});

/** What a remote loudspeaker has buffered must not sound any more. */
export const AudioFlush = z.object({
  /** Only what belongs to this sentence; absent: everything. */
  say_id: SpokenSentenceId.optional(),
});
export type AudioFlush = z.output<typeof AudioFlush>;

/** tts-worker → a remote loudspeaker. */
export const audioFlush = defineTopic({
  name: "audio/{site}/flush",
  type: "audio.flush",
  delivery: "command",
  ttlMs: 2_000,
  priority: "high",
  payload: AudioFlush,
});
