/** The numbers of the samples that a loudspeaker plays. Pure. */
import { AUDIO_RATE_HZ } from "@ts-tars/contracts";

/** The number of the sample that comes next, when it follows at once. */
export interface ReferenceLine {
  readonly nextSample: number;
}

export const BEFORE_ALL: ReferenceLine = { nextSample: 0 };

/** What is handed over, and when it sounds, from the opening on. */
export interface Handed {
  readonly sampleCount: number;
  readonly soundsAtMs: number;
}

/** Within a sentence the moments are estimates that tremble, and the samples follow one another; more than this is a gap. */
const GAP_SAMPLES = AUDIO_RATE_HZ / 100;

/** The number of the first sample that is handed over: never one that was given already. */
export function placeOf(
  { nextSample }: ReferenceLine,
  { sampleCount, soundsAtMs }: Handed,
): readonly [number, ReferenceLine] {
  const estimated = Math.round((soundsAtMs / 1_000) * AUDIO_RATE_HZ);
  const sample = estimated > nextSample + GAP_SAMPLES ? estimated : nextSample;
  return [sample, { nextSample: sample + sampleCount }];
}
