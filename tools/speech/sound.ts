/** Arithmetic of sound: Int16Array, mono, 16 000 Hz; inside the arithmetic ±1 is full scale. Pure. */
import type { Random } from "./random.ts";

const FULL_SCALE = 32_768;

/** Sound as numbers from -1 to 1. */
export function toFloat(pcm: Int16Array): Float64Array {
  return Float64Array.from(pcm, (sample) => sample / FULL_SCALE);
}

/** What is louder than full scale is clipped. */
export function toPcm(sound: Float64Array): Int16Array {
  return Int16Array.from(sound, (value) =>
    Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(value * FULL_SCALE))),
  );
}

/** Mean power; 0 of nothing. */
export function powerOf(sound: Float64Array): number {
  return sound.length === 0 ? 0 : sound.reduce((sum, value) => sum + value * value, 0) / sound.length;
}

/** The same sound with its highest peak at a level, in dB of full scale. */
export function withPeakDb(pcm: Int16Array, peakDb: number): Int16Array {
  const peak = pcm.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0);
  if (peak === 0) return pcm;
  const gain = (FULL_SCALE * 10 ** (peakDb / 20)) / peak;
  return toPcm(toFloat(pcm).map((value) => value * gain));
}

/** Pink noise of deviation 1: white noise through seven first-order filters whose sum falls by 3 dB an octave to ±0.05 dB. */
export function pinkNoise(sampleCount: number, random: Random): Float64Array {
  const noise = new Float64Array(sampleCount);
  const poles = PINK_FILTERS.map(() => 0);
  let delayed = 0;
  for (let at = 0; at < sampleCount; at += 1) {
    const white = random.gaussian();
    let sum = white * 0.5362 + delayed;
    PINK_FILTERS.forEach(({ pole, gain }, index) => {
      poles[index] = pole * (poles[index] ?? 0) + gain * white;
      sum += poles[index] ?? 0;
    });
    delayed = white * 0.115926;
    noise[at] = sum;
  }
  const deviation = Math.sqrt(powerOf(noise));
  return noise.map((value) => value / deviation);
}

/** Poles and gains of the sum, known as the refined pink filter. */
const PINK_FILTERS = [
  { pole: 0.99886, gain: 0.0555179 },
  { pole: 0.99332, gain: 0.0750759 },
  { pole: 0.969, gain: 0.153852 },
  { pole: 0.8665, gain: 0.3104856 },
  { pole: 0.55, gain: 0.5329522 },
  { pole: -0.7616, gain: -0.016898 },
];

/** Sound with noise behind it; the ratio is that of the powers over the given span of speech. */
export function mixNoise(
  pcm: Int16Array,
  { noise, snrDb, speech }: { readonly noise: Float64Array; readonly snrDb: number; readonly speech: Span },
): Int16Array {
  const sound = toFloat(pcm);
  const gain = Math.sqrt(powerOf(sound.subarray(speech.from, speech.to)) / 10 ** (snrDb / 10) / powerOf(noise));
  return toPcm(sound.map((value, at) => value + gain * (noise[at] ?? 0)));
}

/** Some samples: the first, and the one behind the last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Silence below the peak, in dB: 04 anchors the true end of speech there. */
const SILENCE_DB = -40;
const FRAME_SAMPLES = 160;

/** From the first to the last frame of 10 ms whose peak is above -40 dB of the whole's. */
export function speechSpan(pcm: Int16Array): Span {
  const peaks: number[] = [];
  for (let from = 0; from < pcm.length; from += FRAME_SAMPLES) {
    peaks.push(pcm.subarray(from, from + FRAME_SAMPLES).reduce((max, sample) => Math.max(max, Math.abs(sample)), 0));
  }
  const threshold = Math.max(1, peaks.reduce((max, peak) => Math.max(max, peak), 0) * 10 ** (SILENCE_DB / 20));
  const first = peaks.findIndex((peak) => peak > threshold);
  if (first < 0) return { from: 0, to: 0 };
  const last = peaks.findLastIndex((peak) => peak > threshold);
  return { from: first * FRAME_SAMPLES, to: Math.min(pcm.length, (last + 1) * FRAME_SAMPLES) };
}

/** One sound behind the other. */
export function joinSounds(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
