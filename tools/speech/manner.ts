/** Who talks in tests, and how. Pure. */
import type { Random } from "./random.ts";

/** All that flite has at 16 000 Hz in English and that is no copy of another. */
export const VOICES = ["slt", "rms", "awb"] as const;
export type Voice = (typeof VOICES)[number];

/** How somebody talks. */
export interface Manner {
  readonly voice: Voice;
  /** 1 is the voice's own, 2 twice as fast. */
  readonly tempo: number;
  /** Hundredths of a semitone above the voice's own pitch. */
  readonly pitchCents: number;
}

/** Tempo 0.9 to 1.15, pitch ± 150 cents. */
export function drawManner(voice: Voice, random: Random): Manner {
  return { voice, tempo: random.between(0.9, 1.15), pitchCents: Math.round(random.between(-150, 150)) };
}
