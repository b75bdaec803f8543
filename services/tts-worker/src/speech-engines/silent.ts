import type { SpeechEngine } from "../speech-engine.ts";

/** A word of one letter takes this long all the same. */
const SHORTEST_MS = 300;

/** Makes no sound: it only tells how long a voice would take, so that everything around speech can be run and timed. */
export function openSilentEngine({ charsPerSec }: { readonly charsPerSec: number }): SpeechEngine {
  return {
    name: "silent",
    isAudible: false,
    synthesize: async (text, { signal }) => {
      signal.throwIfAborted();
      return { durationMs: Math.max(SHORTEST_MS, (text.length / charsPerSec) * 1_000) };
    },
  };
}
