/** Pure tones for measuring, and what is left of them. */

export interface Tone {
  readonly frequencyHz: number;
  readonly rateHz: number;
}

/** Not 0, so that a shift of a whole period shows as well as one of half. */
const PHASE = 0.3;

/** So many samples of a tone; `amplitude` in steps of 16 bits. */
export function sineOf(
  { frequencyHz, rateHz }: Tone,
  { sampleCount, amplitude = 32_000 }: { readonly sampleCount: number; readonly amplitude?: number },
): Int16Array {
  const step = (2 * Math.PI * frequencyHz) / rateHz;
  return Int16Array.from({ length: sampleCount }, (_, n) => Math.round(amplitude * Math.sin(step * n + PHASE)));
}

/** How a tone was found. */
export interface FittedTone {
  readonly amplitude: number;
  /** How much later than `sineOf` it runs, in samples of the measured rate. */
  readonly delaySamples: number;
  /** Its power over that of everything else, in dB. */
  readonly snrDb: number;
}

/** The tone of that frequency that fits best (least squares); the first and last `skipCount` samples are left out. */
export function fitSine(pcm: Int16Array, { frequencyHz, rateHz }: Tone, skipCount: number): FittedTone {
  const step = (2 * Math.PI * frequencyHz) / rateHz;
  const samples = [...pcm.subarray(skipCount, pcm.length - skipCount)].map((value, index) => {
    const angle = step * (index + skipCount);
    return { value, sin: Math.sin(angle), cos: Math.cos(angle) };
  });
  const sum = (of: (sample: (typeof samples)[number]) => number) =>
    samples.reduce((total, each) => total + of(each), 0);
  const [ss, cc, sc] = [sum(({ sin }) => sin * sin), sum(({ cos }) => cos * cos), sum(({ sin, cos }) => sin * cos)];
  const [ys, yc] = [sum(({ value, sin }) => value * sin), sum(({ value, cos }) => value * cos)];
  const determinant = ss * cc - sc * sc;
  const [a, b] = [(ys * cc - yc * sc) / determinant, (yc * ss - ys * sc) / determinant];
  const power = sum(({ sin, cos }) => (a * sin + b * cos) ** 2);
  const noise = sum(({ value, sin, cos }) => (value - a * sin - b * cos) ** 2);
  return {
    amplitude: Math.hypot(a, b),
    delaySamples: (PHASE - Math.atan2(b, a)) / step,
    snrDb: 10 * Math.log10(power / noise),
  };
}
