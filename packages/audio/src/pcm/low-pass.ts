/** The low-pass filter of the resampler, one set of weights per phase. Pure. */

/** Attenuation of what must not be heard, in dB: 16 bits end at −98. */
const STOPBAND_DB = 85;
/** The pass band ends at this part of the lower of both Nyquist frequencies, where the stop band begins. */
export const PASSBAND_RATIO = 0.85;

/** Weights by phase, each set `tapCount` long, the middle at `tapCount / 2 - 1 + phase`. */
export interface PolyphaseFilter {
  readonly tapCount: number;
  readonly phases: readonly Float64Array[];
}

/**
 * A windowed sinc cut into `phaseCount` sets of weights for an input at rate 1, with the stop band from `stopRatio` of the input's
 * Nyquist frequency on. The window and its length are J. F. Kaiser's (1974), with the formulas for β and the length as in Oppenheim
 * and Schafer, Discrete-Time Signal Processing, section 7.5.3: β = 0.1102 (A − 8.7), N − 1 = (A − 7.95) / (2.285 Δω). Each set sums
 * up to 1, so that a constant stays one at every phase.
 */
export function lowPass(phaseCount: number, stopRatio: number): PolyphaseFilter {
  const transition = Math.PI * stopRatio * (1 - PASSBAND_RATIO);
  const half = Math.ceil(((STOPBAND_DB - 7.95) / (2.285 * transition) + 1) / 2);
  const beta = 0.1102 * (STOPBAND_DB - 8.7);
  // The middle of the transition band, in cycles per two samples.
  const cutoff = (stopRatio * (1 + PASSBAND_RATIO)) / 2;
  const weight = (distance: number): number => {
    const inside = 1 - (distance / half) ** 2;
    return inside <= 0 ? 0 : cutoff * sinc(cutoff * distance) * besselI0(beta * Math.sqrt(inside));
  };
  const phases = Array.from({ length: phaseCount }, (_, phase) => {
    const weights = Float64Array.from({ length: 2 * half }, (_, tap) => weight(tap - (half - 1) - phase / phaseCount));
    const sum = weights.reduce((total, value) => total + value, 0);
    return weights.map((value) => value / sum);
  });
  return { tapCount: 2 * half, phases };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The modified Bessel function of order 0, by its power series; it converges for every x. */
function besselI0(x: number): number {
  let [term, sum] = [1, 1];
  for (let k = 1; term > sum * 1e-16; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
