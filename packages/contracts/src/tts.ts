import { defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { DurationMs, EpochSec, Hex32, messageId, Reason, siteId, UttId } from "./fields.ts";

/** What a sentence is for. Only `answer` and `error` of a turn begun by voice open a follow-up window. */
export const SpeechKind = z.enum(["answer", "ack", "filler", "error", "announce", "alarm"]);
export type SpeechKind = z.output<typeof SpeechKind>;

/** What names one sentence: in `tts/say`, and echoed in every `tts/status` about it. */
const sentence = {
  utt_id: UttId.optional(),
  /** Of this sentence; tts-worker gives one to a foreign say without. */
  say_id: Hex32.optional(),
  /** 0 for the first sentence of the turn. */
  seq: z.number().int().nonnegative().optional(),
  /** No more speech follows in this turn. A say with `last` and an empty text only says that. */
  last: z.boolean().optional(),
  kind: SpeechKind.optional(),
  /** The reference's words for kind `ack` and `announce`: read when there is no `kind`, written beside it. */
  wake_ack: z.boolean().optional(),
  system_announce: z.boolean().optional(),
  site_id: siteId,
};

/** One sentence to speak. */
export const TtsSay = z.object({
  message_id: messageId,
  text: z.string(),
  voice: z.string().optional(),
  lang: z.string().optional(),
  style: z.string().optional(),
  /** When the transcript came that this answers. */
  stt_ts: EpochSec.optional(),
  ...sentence,
});
export type TtsSay = z.output<typeof TtsSay>;

/** router → tts-worker. Its PUBACK means "queued": from then on it dies only with its turn, a full queue or the router. */
export const ttsSay = defineTopic({
  name: "tts/say",
  type: "tts.say",
  delivery: "command",
  ttlMs: 15_000,
  private: true,
  acceptsBare: true,
  reference: { lacks: ["say_id", "seq", "last", "kind", "site_id"] },
  payload: TtsSay,
});

/** What happened to a sentence. Each queued one ends in exactly one `speaking_end` or `failed`. */
export const TtsEvent = z.enum(["queued", "speaking_start", "speaking_end", "paused", "resumed", "stopped", "failed"]);
export type TtsEvent = z.output<typeof TtsEvent>;

/** How a sentence of ours ended, the `reason` of `speaking_end` and `failed`. */
export const SpeechEnd = z.enum(["done", "cut", "dropped", "expired", "error"]);
export type SpeechEnd = z.output<typeof SpeechEnd>;

/** What became of a sentence, or of the loudspeaker. */
export const TtsStatus = z.object({
  message_id: messageId,
  event: TtsEvent,
  text: z.string().default(""),
  timestamp: EpochSec.optional(),
  /** A `SpeechEnd` when it is about one of our sentences; the reference writes free text. */
  reason: Reason.optional(),
  /** The cause in one sentence for the page, when something failed. */
  detail: Reason.optional(),
  ...sentence,
  /** How much of the sentence sounded; 0 if it never did. */
  spoken_ratio: z.number().min(0).max(1).optional(),
  spoken_chars: z.number().int().nonnegative().optional(),
  /** With `speaking_start`: from queued, or the end of the sentence before, to the first audible sample. */
  first_audible_ms: DurationMs.optional(),
  /** With `speaking_start`: how long the sentence will sound. */
  expected_ms: DurationMs.optional(),
});
export type TtsStatus = z.output<typeof TtsStatus>;

/** tts-worker → router, stt-worker, wake-activation, ui. QoS 1: two state machines depend on it. */
export const ttsStatus = defineTopic({
  name: "tts/status",
  type: "tts.status",
  delivery: "event",
  ttlMs: 10_000,
  private: true,
  reference: {
    lacks: [
      ...["detail", "say_id", "seq", "last", "kind", "site_id"],
      ...["spoken_ratio", "spoken_chars", "first_audible_ms", "expected_ms"],
    ],
  },
  payload: TtsStatus,
});

/** What the loudspeaker can be told. */
export const TtsAction = z.enum(["pause", "resume", "stop", "mute", "unmute", "volume"]);
export type TtsAction = z.output<typeof TtsAction>;

/** An order to the loudspeaker: wake-activation only pauses, the page only mutes, unmutes and sets the volume. */
export const TtsControlCommand = z
  .object({
    message_id: messageId,
    action: TtsAction,
    reason: Reason.optional(),
    ts: EpochSec.optional(),
    /** Only when this turn is speaking; without, whatever is. */
    utt_id: UttId.optional(),
    /** The reference's name for `utt_id`. */
    id: UttId.optional(),
    /** With `pause`: after so long without `resume` the sentence is stopped. */
    ttl_ms: z.number().int().positive().optional(),
    /** With `volume`: 0 is silent, 1 is full. */
    volume: z.number().min(0).max(1).optional(),
    site_id: siteId,
  })
  .refine((command) => (command.action === "volume") === (command.volume !== undefined), {
    path: ["volume"],
    message: "must be there with the action volume, and only then",
  });
export type TtsControlCommand = z.output<typeof TtsControlCommand>;

/** router, wake-activation (pause), ui (mute, unmute, volume) → tts-worker. */
export const ttsControl = defineTopic({
  name: "tts/control",
  type: "tts.control",
  delivery: "command",
  ttlMs: 5_000,
  priority: "high",
  acceptsBare: true,
  reference: { lacks: ["utt_id", "id", "ttl_ms", "volume", "site_id"] },
  payload: TtsControlCommand,
});

/** The kind of a sentence, also of a foreign one: what has neither a kind nor a flag is an announcement. */
export function speechKindOf(say: Pick<TtsSay, "kind" | "wake_ack" | "system_announce">): SpeechKind {
  if (say.kind !== undefined) return say.kind;
  return say.wake_ack === true ? "ack" : "announce";
}

/** The reference's flags for a kind. */
export function speechFlagsOf(kind: SpeechKind): { readonly wake_ack: boolean; readonly system_announce: boolean } {
  return { wake_ack: kind === "ack", system_announce: kind === "announce" };
}
