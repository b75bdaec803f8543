/** What PocketSphinx is opened with. Pure. */
import type { Profile } from "../../transcriber.ts";

/** Decoding time by sound time up to which everything, or at least open speech, is decoded: 04, "A slow board is measured". */
const FULL_UP_TO_RATIO = 0.35;
const NARROW_UP_TO_RATIO = 0.8;

/**
 * Fewer active states, and five words a frame at most to leave. The noise tracker eats the beginnings of words: without it 16.3 % of
 * the words of 72 questions are wrong instead of 19.9 %; a second pass over what was said makes it 13.2 %.
 */
const OPEN_OPTIONS = { topn: "4", maxhmmpf: "3000", maxwpf: "5", remove_noise: "no", fwdflat: "yes" } as const;

/** Two Gaussians instead of four, half of the states, no second pass: 40 % less time, a sixth more words wrong. */
const NARROW_OPTIONS = { ...OPEN_OPTIONS, topn: "2", maxhmmpf: "1500", fwdflat: "no" } as const;

/**
 * How much of the open language model is what people say to the robot. With it 95.6 % of the commands are read right instead of
 * 85.6 %, and no more traps are taken for one; anything from 0.05 to 0.5 does the same within 3 %.
 */
export const COMMANDS_SHARE = 0.2;

/** Of the decoder of open speech. */
export function openOptions(profile: Exclude<Profile, "grammar_only">): Readonly<Record<string, string>> {
  return profile === "full" ? OPEN_OPTIONS : NARROW_OPTIONS;
}

/**
 * Commands have few words, so that little needs to be cut: with the library's own beams (1e-48, of words 7e-29) one noisy command in
 * twenty reaches no end of the grammar, and nothing is read.
 */
const GRAMMAR_OPTIONS = { fwdflat: "no", beam: "1e-60", pbeam: "1e-60", wbeam: "1e-45" } as const;

/**
 * Of the decoder of the grammar. Beside an open one it hears the same sound, counts the same Gaussians, and computes every state of every
 * frame: else what the two make of it could not be compared (`fit.ts`).
 */
export function grammarOptions(profile: Profile): Readonly<Record<string, string>> {
  if (profile === "grammar_only") return GRAMMAR_OPTIONS;
  const { topn, remove_noise } = profile === "full" ? OPEN_OPTIONS : NARROW_OPTIONS;
  return { ...GRAMMAR_OPTIONS, topn, remove_noise, compallsen: "yes" };
}

/** What a machine can do that decodes this fast with everything switched on. */
export function profileFor(realTimeRatio: number): Profile {
  if (realTimeRatio <= FULL_UP_TO_RATIO) return "full";
  return realTimeRatio <= NARROW_UP_TO_RATIO ? "narrow" : "grammar_only";
}
