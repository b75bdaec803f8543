/**
 * Whether a transcript is the robot's own voice. Pure.
 *
 * The words are laid along what was spoken, with gaps and differences allowed; it is an echo when nearly all of them lie there in
 * order. One or two words are never taken for one: they are what people answer.
 */
import { spokenWords } from "./words.ts";

const WORDS_MIN = 3;
const SHARE_MIN = 0.8;
/** Between two words of an echo no more of the spoken ones are missing: "set … timer … ten" out of a long answer is none. */
const GAP_MAX = 3;

/** `spoken`: the whole answer that sounded while, or just before, the transcript was said; of all sites. */
export function isEcho(transcript: string, spoken: string): boolean {
  const [said, own] = [spokenWords(transcript), spokenWords(spoken)];
  if (said.length < WORDS_MIN || own.length === 0) return false;
  return longestRun(said, own) / said.length >= SHARE_MIN;
}

/** How many words of `said` lie in order within a stretch of `own`. */
function longestRun(said: readonly string[], own: readonly string[]): number {
  let best = 0;
  // By where in `own` the run ended last; small: answers are a few hundred words, transcripts a few dozen.
  const runs: number[] = own.map(() => 0);
  for (const word of said) {
    const before = [...runs];
    for (const [at, ownWord] of own.entries()) {
      if (ownWord !== word) continue;
      const reachable = before.slice(Math.max(0, at - 1 - GAP_MAX), at);
      runs[at] = Math.max(runs[at] ?? 0, 1 + Math.max(0, ...reachable));
      best = Math.max(best, runs[at] ?? 0);
    }
  }
  return best;
}
