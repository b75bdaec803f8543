import { defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { DurationMs, EpochSec, messageId, Reason, siteId, UttId } from "./fields.ts";

/** Why an utterance ended: see 04, rule 3. */
export const EndOfSpeech = z.enum(["silence", "complete", "hesitation", "too_long", "source_ended", "released"]);
export type EndOfSpeech = z.output<typeof EndOfSpeech>;

/** One recognised word, in ms since the utterance began. */
export const TranscribedWord = z.object({
  word: z.string(),
  start_ms: DurationMs,
  end_ms: DurationMs,
  confidence: z.number().min(0).max(1).optional(),
});
export type TranscribedWord = z.output<typeof TranscribedWord>;

/** What was said, once and for all. */
export const FinalTranscript = z.object({
  message_id: messageId,
  text: z.string(),
  lang: z.string().default("en"),
  confidence: z.number().min(0).max(1).optional(),
  utt_id: UttId.optional(),
  ts: EpochSec.optional(),
  is_final: z.boolean().default(true),
  site_id: siteId,
  reason: EndOfSpeech.optional(),
  /** Of the utterance, dB below full scale (0 or less). */
  level_db: z.number().max(0).optional(),
  /** From the last speech to the decision that it was over. */
  endpoint_ms: DurationMs.optional(),
  /** From that decision to this text. */
  transcribe_ms: DurationMs.optional(),
  words: z.array(TranscribedWord).optional(),
  /** The `version` of `intents/current` that the grammar was built from. */
  intents_version: z.string().optional(),
});
export type FinalTranscript = z.output<typeof FinalTranscript>;

/** stt-worker → router, ui. */
export const sttFinal = defineTopic({
  name: "stt/final",
  type: "stt.final",
  delivery: "event",
  ttlMs: 10_000,
  private: true,
  reference: { lacks: ["site_id", "reason", "level_db", "endpoint_ms", "transcribe_ms", "words", "intents_version"] },
  payload: FinalTranscript,
});

/** A segment that was not a usable utterance, and why. */
export const RefusedTranscript = z.object({
  utt_id: UttId.optional(),
  site_id: siteId,
  /** `unclear`, `engine_timeout`, `echo`, `noise` …: one word for the machine. */
  reason: z.string().regex(/^[a-z_]{1,64}$/, "must be a word in lower case"),
  /** A sentence for the page. */
  detail: Reason.optional(),
  /** The end of speech, when the segment had one. */
  end: EndOfSpeech.optional(),
  endpoint_ms: DurationMs.optional(),
  transcribe_ms: DurationMs.optional(),
});
export type RefusedTranscript = z.output<typeof RefusedTranscript>;

/** stt-worker → router, ui. Every segment ends in exactly one `stt/final` or `stt/refused`. */
export const sttRefused = defineTopic({
  name: "stt/refused",
  type: "stt.refused",
  delivery: "event",
  ttlMs: 10_000,
  payload: RefusedTranscript,
});

/** What seems to be said while it is being said; each replaces the one before. */
export const PartialTranscript = z.object({
  message_id: messageId,
  text: z.string(),
  lang: z.string().default("en"),
  confidence: z.number().min(0).max(1).optional(),
  utt_id: UttId.optional(),
  ts: EpochSec.optional(),
  is_final: z.boolean().default(false),
  site_id: siteId,
});
export type PartialTranscript = z.output<typeof PartialTranscript>;

/** stt-worker → ui, llm-worker. */
export const sttPartial = defineTopic({
  name: "stt/partial",
  type: "stt.partial",
  delivery: "stream",
  private: true,
  reference: { lacks: ["site_id"] },
  key: (data) => data.site_id,
  payload: PartialTranscript,
});

/** Level and spectrum of what is heard. */
export const AudioSpectrum = z.object({
  message_id: messageId,
  /** Bars from low to high; ours are 16, from 0 to 1. */
  fft_data: z.array(z.number()).max(512),
  sample_rate: z.number().int().min(1),
  ts: EpochSec.optional(),
  /** dB below full scale (0 or less). */
  level_db: z.number().max(0).optional(),
  site_id: siteId,
});
export type AudioSpectrum = z.output<typeof AudioSpectrum>;

/** stt-worker → ui. */
export const sttAudioFft = defineTopic({
  name: "stt/audio_fft",
  type: "stt.audio_fft",
  delivery: "stream",
  reference: { lacks: ["level_db", "site_id"] },
  key: (data) => data.site_id,
  payload: AudioSpectrum,
});
