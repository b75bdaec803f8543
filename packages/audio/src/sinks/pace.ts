/** How much of a sound may be handed over, and when. Pure: time is an argument. */
import { FRAME_SAMPLES, samplesOfMs } from "../frame.ts";

/** What was handed over cannot be called back by a pause: so much may be under way. */
export const LEAD_MS = 100;
const LEAD_SAMPLES = samplesOfMs(LEAD_MS);

/** What was handed over, and a line through time: `sample` is due at `atMs`, and what follows in real time. */
export interface Pace {
  readonly fedSamples: number;
  readonly sample: number;
  readonly atMs: number;
}

/** Nothing has been handed over. */
export const STANDSTILL: Pace = { fedSamples: 0, sample: 0, atMs: 0 };

/** How many samples may be handed over now: whole frames, so that no crumbs travel. */
export function allowedSamples(pace: Pace, atMs: number): number {
  const allowed = dueSamples(pace, atMs) + LEAD_SAMPLES - pace.fedSamples;
  return Math.max(0, allowed - (allowed % FRAME_SAMPLES));
}

/** So many have been handed over now. After a pause, or when there was nothing to hand over, time counts from here. */
export function paced(pace: Pace, sampleCount: number, atMs: number): Pace {
  const { fedSamples } = pace;
  const line = dueSamples(pace, atMs) < fedSamples ? pace : { sample: fedSamples, atMs };
  return { ...line, fedSamples: fedSamples + sampleCount };
}

function dueSamples({ fedSamples, sample, atMs: sinceMs }: Pace, atMs: number): number {
  return Math.min(fedSamples, sample + samplesOfMs(atMs - sinceMs));
}
