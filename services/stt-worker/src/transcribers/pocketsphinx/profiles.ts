/** What PocketSphinx is opened with. Pure. */
import type { Profile } from "../../transcriber.ts";

/** Decoding time by sound time up to which everything, or at least open speech, is decoded: 04, "A slow board is measured". */
const FULL_UP_TO_RATIO = 0.35;
const NARROW_UP_TO_RATIO = 0.8;

/** Fewer active states, three words a frame at most to leave, no second pass: 12 % of words wrong at 0.14 × real time. */
const OPEN_OPTIONS = { maxhmmpf: "3000", maxwpf: "5", fwdflat: "no" } as const;

/** Two Gaussians instead of four, and half of the states: 40 % less time, a sixth more words wrong. */
const NARROW_OPTIONS = { ...OPEN_OPTIONS, topn: "2", maxhmmpf: "1500" } as const;

/** Of the decoder of open speech. */
export function openOptions(profile: Exclude<Profile, "grammar_only">): Readonly<Record<string, string>> {
  return profile === "full" ? OPEN_OPTIONS : NARROW_OPTIONS;
}

/** Of the decoder of the grammar; commands have few words, so that nothing needs to be cut. */
export const GRAMMAR_OPTIONS: Readonly<Record<string, string>> = Object.freeze({ fwdflat: "no" });

/** What a machine can do that decodes this fast with everything switched on. */
export function profileFor(realTimeRatio: number): Profile {
  if (realTimeRatio <= FULL_UP_TO_RATIO) return "full";
  return realTimeRatio <= NARROW_UP_TO_RATIO ? "narrow" : "grammar_only";
}
