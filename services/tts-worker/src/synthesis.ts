import type { Sound } from "@ts-tars/audio";
import type { EngineChoice } from "./engine-choice.ts";
import { type Phrase, PhraseCache } from "./phrase-cache.ts";
import type { SpeechEngine } from "./speech-engine.ts";
import { Take } from "./take.ts";
import { UnknownVoiceError } from "./unknown-voice.ts";

/** What is to be spoken, and how. */
export interface Script {
  readonly text: string;
  readonly voice: string | undefined;
  /** Undefined: the language of the house. */
  readonly lang: string | undefined;
}

export interface SynthesisDeps {
  readonly choice: EngineChoice;
  readonly lang: string;
  readonly cache?: PhraseCache;
}

/** Sentences as sound: by the engine that fits, or from before; and the engines' health from how that goes. */
export class Synthesis {
  readonly #choice: EngineChoice;
  readonly #lang: string;
  readonly #cache: PhraseCache;

  constructor({ choice, lang, cache = new PhraseCache() }: SynthesisDeps) {
    this.#choice = choice;
    this.#lang = lang;
    this.#cache = cache;
  }

  /** Resolves when the first sound is there. Rejects with the signal's reason, or an `EngineError`. */
  async begin({ text, voice, lang = this.#lang }: Script, signal: AbortSignal): Promise<Take> {
    signal.throwIfAborted();
    const engine = this.#choice.engineFor(lang);
    const phrase = { text, voice, lang, engine: engine.name, settings: engine.settings };
    const known = this.#cache.get(phrase);
    if (known !== undefined) return new Take(soundOf(known), { completed: () => undefined, broke: () => undefined });
    return this.#make(engine, phrase, signal);
  }

  async #make(engine: SpeechEngine, phrase: Phrase, signal: AbortSignal): Promise<Take> {
    const broke = (error: unknown): void => {
      if (!signal.aborted && !(error instanceof UnknownVoiceError)) this.#choice.failed(error);
    };
    try {
      const { text, voice, lang } = phrase;
      const sound = await engine.synthesize(text, { voice, lang, signal });
      return new Take(sound, {
        broke,
        completed: (pcm) => {
          this.#choice.worked();
          if (pcm !== undefined) this.#cache.put(phrase, pcm);
        },
      });
    } catch (error) {
      broke(error);
      throw error;
    }
  }
}

function soundOf(pcm: Int16Array): Sound {
  return { expectedMs: 0, pcm: inOne(pcm) };
}

async function* inOne(pcm: Int16Array): AsyncGenerator<Int16Array, void, undefined> {
  yield pcm;
}
