/** Where the speech in a recording truly ends, whatever a detector says. Pure. */
import { FRAME_SAMPLES } from "@ts-tars/audio";

/** 04: the last frame above −40 dB of the peak. */
const BELOW_PEAK_DB = 40;

/** The sample behind the last frame of 20 ms whose peak is within 40 dB of the recording's; 0 for silence. */
export function trueEndSample(pcm: Int16Array): number {
  const threshold = peakOf(pcm) * 10 ** (-BELOW_PEAK_DB / 20);
  for (let from = Math.floor((pcm.length - 1) / FRAME_SAMPLES) * FRAME_SAMPLES; from >= 0; from -= FRAME_SAMPLES) {
    const peak = peakOf(pcm.subarray(from, from + FRAME_SAMPLES));
    if (peak > 0 && peak >= threshold) return Math.min(pcm.length, from + FRAME_SAMPLES);
  }
  return 0;
}

function peakOf(pcm: Int16Array): number {
  let peak = 0;
  for (const sample of pcm) peak = Math.max(peak, Math.abs(sample));
  return peak;
}
