import type { Sound } from "@ts-tars/audio";

/** What the sentence should sound like; honoured where the engine can, refused by name where it cannot. */
export interface Voice {
  readonly voice: string | undefined;
  /** As people write it: `de`, `de-DE`, `de_DE.UTF-8`. */
  readonly lang: string;
}

/** Makes speech of text. Providers stand in `speech-engines/`, and pass `describeSpeechEngine`. */
export interface SpeechEngine {
  /** As settings and health name it. */
  readonly name: string;
  /** Whether anything can be heard of it. */
  readonly isAudible: boolean;
  /** Everything else that changes how it sounds, in one line. */
  readonly settings: string;
  /** Looks whether it works, without a sound. Rejects with an error that has a `remedy`. */
  check(): Promise<void>;
  /** Whether it has a voice for the language; known after `check`. */
  speaks(lang: string): boolean;
  /**
   * Begins to synthesise one sentence, which is not empty; resolves when its first sound is there. The rest follows while it is
   * read; who does not read holds the engine up. Every wait for the engine has a deadline.
   *
   * Rejects with the signal's reason when aborted, with an `EngineError` when it fails; so does reading the sound.
   */
  synthesize(text: string, options: Voice & { readonly signal: AbortSignal }): Promise<Sound>;
}
