/** What becomes of a segment that was read: a transcript, or the reason why it is none. Pure. */
import type { EndOfSpeech } from "@ts-tars/contracts";
import { believe } from "./command-check.ts";
import type { Ending } from "./segmenter.ts";
import type { Readings, TimedWord } from "./transcriber.ts";
import { judge } from "./transcript-filter.ts";

/** The segment that was read, as far as it counts. */
export interface ReadSegment {
  readonly uttId: string | undefined;
  readonly ending: Ending;
  readonly levelDb: number;
  readonly overFloorDb: number;
  readonly transcribeMs: number;
}

/** A segment that is over. */
interface Over {
  readonly uttId: string | undefined;
  /** Undefined when it had no end of its own. */
  readonly end?: EndOfSpeech;
  readonly endpointMs?: number;
  readonly transcribeMs?: number;
}

/** What was said. */
export interface Heard extends Required<Over> {
  readonly text: string;
  readonly levelDb: number;
  readonly words: readonly TimedWord[];
  readonly grammarVersion: string | undefined;
}

/** Why it is no transcript, in one word for the machine and a sentence for people. */
export interface Refused extends Over {
  readonly reason: string;
  readonly detail: string;
}

export type Outcome = ({ readonly kind: "heard" } & Heard) | ({ readonly kind: "refused" } & Refused);

const msOfSamples = (sampleCount: number): number => Math.round(sampleCount / 16);

/** `spoken`: what the robot said meanwhile or shortly before, at any site. */
export function outcomeOf(segment: ReadSegment, readings: Readings, spoken: string): Outcome {
  const { uttId, ending, levelDb, overFloorDb, transcribeMs } = segment;
  const { text } = believe(readings);
  const endpointMs = msOfSamples(ending.silenceSampleCount);
  const over = { uttId, end: ending.reason, endpointMs, transcribeMs: Math.round(transcribeMs) };
  const verdict = judge({ text, speechMs: msOfSamples(ending.speechSampleCount), overFloorDb, spoken });
  if (!verdict.isAccepted) return { kind: "refused", ...over, reason: verdict.reason, detail: verdict.detail };
  // The words with times are those of the open reading; of another text they would be wrong.
  const words = text === readings.open?.text ? readings.words : [];
  const level = Math.min(0, Math.round(levelDb * 10) / 10);
  return { kind: "heard", ...over, text, levelDb: level, words, grammarVersion: readings.grammarVersion };
}
