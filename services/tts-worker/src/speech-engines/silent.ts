import { samplesOfMs } from "@ts-tars/audio";
import type { SpeechEngine } from "../speech-engine.ts";

/** A word of one letter takes this long all the same. */
const SHORTEST_MS = 300;
const PIECE_SAMPLES = samplesOfMs(100);

/** Makes no sound: it only takes the time that a voice would, so that everything around speech can be run and timed. */
export function openSilentEngine({ charsPerSec }: { readonly charsPerSec: number }): SpeechEngine {
  return {
    name: "silent",
    isAudible: false,
    settings: `${charsPerSec}`,
    check: async () => undefined,
    speaks: () => true,
    synthesize: async (text, { signal }) => {
      signal.throwIfAborted();
      const expectedMs = Math.max(SHORTEST_MS, (text.length / charsPerSec) * 1_000);
      return { expectedMs, pcm: silence(expectedMs, signal) };
    },
  };
}

async function* silence(durationMs: number, signal: AbortSignal): AsyncGenerator<Int16Array, void, undefined> {
  for (let rest = samplesOfMs(durationMs); rest > 0; rest -= PIECE_SAMPLES) {
    signal.throwIfAborted();
    yield new Int16Array(Math.min(rest, PIECE_SAMPLES));
  }
}
