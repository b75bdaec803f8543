/** How loud sound is. Pure. */

/** What silence is told as: below one step of 16 bits in a frame, and still a number. */
export const SILENCE_DBFS = -120;

/** Decibels below full scale (a square wave of ±32 768 is 0; a full sine has an RMS of −3). */
export interface Level {
  readonly rmsDbfs: number;
  readonly peakDbfs: number;
}

/** The level of some samples; none are silent. */
export function levelOf(pcm: Int16Array): Level {
  let [sum, peak] = [0, 0];
  for (const value of pcm) {
    sum += value * value;
    peak = Math.max(peak, Math.abs(value));
  }
  return { rmsDbfs: dbfs(pcm.length === 0 ? 0 : Math.sqrt(sum / pcm.length)), peakDbfs: dbfs(peak) };
}

/** An amplitude (32 768 is full) in decibels below full scale. */
function dbfs(amplitude: number): number {
  return Math.max(SILENCE_DBFS, 20 * Math.log10(amplitude / 32_768));
}
