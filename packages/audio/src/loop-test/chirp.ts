/** The sound of the loop test: a linear sweep, which one lag alone explains. Pure. */
import { RATE_HZ, samplesOfMs } from "../frame.ts";

/** Well inside what small loudspeakers and telephone-grade microphones carry. */
const FROM_HZ = 400;
const TO_HZ = 4_000;
const DURATION_MS = 400;
/** Rises and falls so long, so that nothing clicks. */
const EDGE_MS = 20;
/** −10 dB: loud enough to be found, quiet enough not to frighten. */
const AMPLITUDE = 0.316 * 32_767;

/** Int16Array, mono, 16 000 Hz; 400 ms from 400 to 4 000 Hz. */
export function makeChirp(): Int16Array {
  const sampleCount = samplesOfMs(DURATION_MS);
  const durationSec = DURATION_MS / 1_000;
  return Int16Array.from({ length: sampleCount }, (_, sample) => {
    const sec = sample / RATE_HZ;
    // The integral of a frequency that grows linearly.
    const phase = 2 * Math.PI * (FROM_HZ * sec + ((TO_HZ - FROM_HZ) * sec * sec) / (2 * durationSec));
    return Math.round(AMPLITUDE * edge(sample, sampleCount) * Math.sin(phase));
  });
}

/** Int16Array, mono, 16 000 Hz; a tone at −20 dB. */
export function makeTone(hz: number, durationMs: number): Int16Array {
  const sampleCount = samplesOfMs(durationMs);
  return Int16Array.from({ length: sampleCount }, (_, sample) =>
    Math.round(0.1 * 32_767 * edge(sample, sampleCount) * Math.sin((2 * Math.PI * hz * sample) / RATE_HZ)),
  );
}

/** Half a cosine at both ends. */
function edge(sample: number, sampleCount: number): number {
  const nearest = Math.min(sample, sampleCount - 1 - sample);
  const width = samplesOfMs(EDGE_MS);
  return nearest >= width ? 1 : 0.5 - 0.5 * Math.cos((Math.PI * nearest) / width);
}
