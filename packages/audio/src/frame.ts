/** Sound as it travels inside the robot. Pure. */

/** Samples in a second; other rates are resampled once, at the edge. */
export const RATE_HZ = 16_000;

/** One frame: 20 ms. */
export const FRAME_SAMPLES = 320;
/** How long a frame sounds. */
export const FRAME_MS = 20;

/** Some samples of one capture, in order. Int16Array, mono, 16 000 Hz; 320 samples = 20 ms, fewer only at the end. */
export interface AudioFrame {
  /** One opening of a source: 16 lower-case hex characters. */
  readonly captureId: string;
  /** The number of the first sample since the source was opened. */
  readonly sample: number;
  readonly pcm: Int16Array;
}

/** How long so many samples sound. */
export function msOfSamples(sampleCount: number): number {
  return (sampleCount / RATE_HZ) * 1_000;
}

/** How many whole samples sound that long. */
export function samplesOfMs(durationMs: number): number {
  return Math.round((durationMs / 1_000) * RATE_HZ);
}
