import { describe, expect, it } from "vitest";
import type { SpeechEngine } from "./speech-engine.ts";

const VOICE = { voice: undefined, lang: undefined };

/** The conformance suite of `SpeechEngine`: what every provider promises. */
export function describeSpeechEngine(name: string, open: () => SpeechEngine): void {
  describe(`the speech engine ${name}`, () => {
    for (const [title, claim] of Object.entries(CLAIMS_OF_ENGINE)) it(title, () => claim(open()));
  });
}

/** What is claimed of an engine, by title; each throws when it is not so. */
export const CLAIMS_OF_ENGINE: Readonly<Record<string, (engine: SpeechEngine) => Promise<void>>> = {
  "tells how long a sentence will sound": async (engine) => {
    const { durationMs } = await engine.synthesize("It is late.", { ...VOICE, signal: new AbortController().signal });

    expect(durationMs).toBeGreaterThanOrEqual(200);
    expect(durationMs).toBeLessThanOrEqual(3_000);
  },
  "takes longer for a longer sentence": async (engine) => {
    const { signal } = new AbortController();
    const short = await engine.synthesize("It is late.", { ...VOICE, signal });
    const long = await engine.synthesize("It is late, and I have said so several times already.", { ...VOICE, signal });

    expect(long.durationMs).toBeGreaterThan(short.durationMs * 2);
  },
  "rejects with the reason when it was aborted": async (engine) => {
    const reason = new Error("cut");

    await expect(engine.synthesize("It is late.", { ...VOICE, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  },
  "makes several sentences at the same time": async (engine) => {
    const { signal } = new AbortController();
    const all = await Promise.all(
      ["One.", "Two.", "Three."].map((text) => engine.synthesize(text, { ...VOICE, signal })),
    );

    expect(all.map(({ durationMs }) => durationMs > 0)).toEqual([true, true, true]);
  },
};
