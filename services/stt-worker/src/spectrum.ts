/** What sound looks like: its level and 16 bars from 100 to 7 000 Hz. Pure. */

export interface Spectrum {
  /** From low to high, 0 … 1 each; absolute, so that a quiet room is low. */
  readonly bars: readonly number[];
  /** dB below full scale. */
  readonly levelDb: number;
}

const BAR_COUNT = 16;
const [LOWEST_HZ, HIGHEST_HZ] = [100, 7_000];
const RATE_HZ = 16_000;
/** What is at the bottom of the page, and at its top. */
const [FLOOR_DB, CEILING_DB] = [-80, -20];

/** Of one frame, mono, 16 000 Hz. */
export function spectrumOf(pcm: Int16Array): Spectrum {
  const windowed = Array.from(pcm, (sample, at) => (sample / 32_768) * hann(at, pcm.length));
  const bars = Array.from({ length: BAR_COUNT }, (_, bar) => {
    const db = decibels(powerAt(windowed, barHz(bar)));
    return Math.min(1, Math.max(0, (db - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
  });
  const meanSquare = pcm.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / Math.max(1, pcm.length);
  return { bars, levelDb: decibels(meanSquare) };
}

/** Equal steps for the ear. */
function barHz(bar: number): number {
  return LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** (bar / (BAR_COUNT - 1));
}

function hann(at: number, length: number): number {
  return 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / length);
}

/** Goertzel's way: one frequency at a time costs less than a transform that gives hundreds. */
function powerAt(samples: readonly number[], hz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / RATE_HZ);
  let [last, beforeLast] = [0, 0];
  for (const sample of samples) [last, beforeLast] = [sample + turn * last - beforeLast, last];
  const power = last * last + beforeLast * beforeLast - turn * last * beforeLast;
  return (power * 8) / Math.max(1, samples.length) ** 2;
}

function decibels(power: number): number {
  return Math.max(-120, 10 * Math.log10(power + 1e-12));
}
