/** What stt-worker says on the bus, as its contracts want it. Pure. */
import type { FinalTranscript, RefusedTranscript } from "@ts-tars/contracts";
import type { Heard, Refused } from "./outcome.ts";

const DETAIL_MAX_CHARS = 500;

export function finalOf(siteId: string, heard: Heard): Omit<FinalTranscript, "lang" | "is_final"> {
  const { uttId, text, end, levelDb, endpointMs, transcribeMs, words, grammarVersion } = heard;
  return {
    site_id: siteId,
    text,
    reason: end,
    level_db: levelDb,
    endpoint_ms: endpointMs,
    transcribe_ms: transcribeMs,
    ...(uttId !== undefined && { utt_id: uttId }),
    ...(grammarVersion !== undefined && { intents_version: grammarVersion }),
    ...(words.length > 0 && {
      words: words.map(({ word, startMs, endMs }) => ({ word, start_ms: startMs, end_ms: endMs })),
    }),
  };
}

export function refusedOf(siteId: string, refused: Refused): RefusedTranscript {
  const { uttId, reason, detail, end, endpointMs, transcribeMs } = refused;
  return {
    site_id: siteId,
    reason,
    detail: detail.slice(0, DETAIL_MAX_CHARS),
    ...(uttId !== undefined && { utt_id: uttId }),
    ...(end !== undefined && { end }),
    ...(endpointMs !== undefined && { endpoint_ms: endpointMs }),
    ...(transcribeMs !== undefined && { transcribe_ms: transcribeMs }),
  };
}
