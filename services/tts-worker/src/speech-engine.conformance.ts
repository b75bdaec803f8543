import { msOfSamples } from "@ts-tars/audio";
import { describe, expect, it } from "vitest";
import type { SpeechEngine } from "./speech-engine.ts";

const VOICE = { voice: undefined, lang: "en" };
const SENTENCE = "It is late, and I have said so several times already.";

/** The conformance suite of `SpeechEngine`: what every provider promises. */
export function describeSpeechEngine(name: string, open: () => SpeechEngine): void {
  describe(`the speech engine ${name}`, () => {
    for (const [title, claim] of Object.entries(CLAIMS_OF_ENGINE)) {
      it(title, async () => {
        const engine = open();
        await engine.check();
        await claim(engine);
      });
    }
  });
}

/** What is claimed of an engine that was checked, by title; each throws when it is not so. */
export const CLAIMS_OF_ENGINE: Readonly<Record<string, (engine: SpeechEngine) => Promise<void>>> = {
  "makes as much sound as a sentence takes": async (engine) => {
    const pcm = await soundOf(engine, "It is late.");

    expect(msOfSamples(pcm.length)).toBeGreaterThanOrEqual(200);
    expect(msOfSamples(pcm.length)).toBeLessThanOrEqual(3_000);
    expect(pcm.some((value) => Math.abs(value) > 1_000)).toBe(engine.isAudible);
  },
  "takes longer for a longer sentence, and knows about how long": async (engine) => {
    const { signal } = new AbortController();
    const short = await soundOf(engine, "It is late.");
    const sound = await engine.synthesize(SENTENCE, { ...VOICE, signal });
    const long = await collected(sound.pcm);

    expect(long.length).toBeGreaterThan(short.length * 2);
    expect(sound.expectedMs / msOfSamples(long.length)).toBeGreaterThan(0.6);
    expect(sound.expectedMs / msOfSamples(long.length)).toBeLessThan(1.6);
  },
  "makes the same sound of the same sentence": async (engine) => {
    expect(await soundOf(engine, SENTENCE)).toEqual(await soundOf(engine, SENTENCE));
  },
  "reads what looks like an option, spans lines, or is no Latin": async (engine) => {
    for (const text of ["--version", "-w /tmp/x.wav", "One.\nTwo.", "[[h@l'oU]] it is late", "Grüße, naïve café"]) {
      expect((await soundOf(engine, text)).length).toBeGreaterThan(1_600);
    }
  },
  "makes nothing, or little, of what cannot be said": async (engine) => {
    const { signal } = new AbortController();
    const { pcm } = await engine.synthesize("\0", { ...VOICE, signal });

    expect(msOfSamples((await collected(pcm)).length)).toBeLessThan(1_000);
  },
  "reads a very long text": async (engine) => {
    const pcm = await soundOf(engine, "This goes on and on. ".repeat(200));

    expect(msOfSamples(pcm.length)).toBeGreaterThan(60_000);
  },
  "rejects with the reason when it was aborted": async (engine) => {
    const reason = new Error("cut");

    await expect(engine.synthesize(SENTENCE, { ...VOICE, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  },
  "rejects with the reason when it is aborted while it begins, or ends its sound": async (engine) => {
    const cutter = new AbortController();
    const reason = new Error("cut");
    const begun = engine.synthesize("This goes on and on. ".repeat(200), { ...VOICE, signal: cutter.signal });
    const reading = begun.then(({ pcm }) => collected(pcm));

    cutter.abort(reason);

    await expect(reading).rejects.toBe(reason);
  },
  "makes several sentences at the same time": async (engine) => {
    const all = await Promise.all(["One.", "Two.", "Three."].map((text) => soundOf(engine, text)));

    expect(all.map(({ length }) => length > 0)).toEqual([true, true, true]);
  },
  "says whether it speaks a language": async (engine) => {
    expect(["en", "en-US", "en_GB.UTF-8"].map((lang) => engine.speaks(lang))).toEqual([true, true, true]);
  },
};

/** What an engine with a voice promises beyond that: a voice or a language that it lacks is named, and not replaced. */
export function describeVoices(open: () => SpeechEngine, { otherVoice }: { readonly otherVoice: string }): void {
  const { signal } = new AbortController();

  it("speaks with the voice that is asked for", async () => {
    const engine = open();
    await engine.check();
    const other = await engine.synthesize(SENTENCE, { voice: otherVoice, lang: "en", signal });

    expect(await collected(other.pcm)).not.toEqual(await soundOf(engine, SENTENCE));
  });

  it.each(["nonsense", "../../etc/passwd", "http://127.0.0.1:9/voice", "-h"])(
    "names a voice that it does not have (%s)",
    async (voice) => {
      const engine = open();
      await engine.check();
      const spoken = engine.synthesize(SENTENCE, { voice, lang: "en", signal }).then(({ pcm }) => collected(pcm));

      await expect(spoken).rejects.toMatchObject({
        name: "UnknownVoiceError",
        message: expect.stringContaining(voice),
      });
    },
  );

  it("says that it does not speak a language, in place of noise", async () => {
    const engine = open();
    await engine.check();

    expect(engine.speaks("xx")).toBe(false);
    await expect(engine.synthesize(SENTENCE, { voice: undefined, lang: "xx", signal })).rejects.toThrow(
      /does not speak "xx"/,
    );
  });
}

/** All of it. */
export async function collected(pcm: AsyncIterable<Int16Array>): Promise<Int16Array> {
  const chunks: Int16Array[] = [];
  for await (const chunk of pcm) chunks.push(chunk);
  return Int16Array.from(chunks.flatMap((chunk) => [...chunk]));
}

async function soundOf(engine: SpeechEngine, text: string): Promise<Int16Array> {
  const { pcm } = await engine.synthesize(text, { ...VOICE, signal: new AbortController().signal });
  return collected(pcm);
}
