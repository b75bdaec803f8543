/** One sentence as an engine gives it to a sink. An engine without sound knows only how long it would be. */
export interface Utterance {
  /** How long it will sound; an estimate until the whole is synthesised. */
  readonly durationMs: number;
}

/** What the sentence should sound like; honoured where the engine can. */
export interface Voice {
  readonly voice: string | undefined;
  readonly lang: string | undefined;
}

/** Makes speech of text. Providers stand in `speech-engines/`, and pass `describeSpeechEngine`. */
export interface SpeechEngine {
  /** As settings and health name it. */
  readonly name: string;
  /** Whether anything can be heard of it. */
  readonly isAudible: boolean;
  /**
   * Begins to synthesise one sentence, which is not empty; resolves when its first sound is there.
   *
   * Rejects with the signal's reason when aborted, with an `Error` whose message a person can read when it fails.
   */
  synthesize(text: string, options: Voice & { readonly signal: AbortSignal }): Promise<Utterance>;
}
