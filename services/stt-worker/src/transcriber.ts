import type { EngineError } from "@ts-tars/audio";

/** Words and how they sound. */
export interface Reading {
  /** Lower case, words with one space between; empty when nothing was understood. */
  readonly text: string;
  /** CMU phones without stress, of all words; a word unknown to the dictionary has none. */
  readonly phones: readonly string[];
  /** Undefined where nothing was read, or the engine cannot tell. */
  readonly fit?: Fit | undefined;
}

/** How well the sound fits a reading of it; only readings of the same sound can be compared. */
export interface Fit {
  /** Natural logarithm of the sound's likelihood, of each frame of 10 ms counted from that of whatever fits it best: 0 is as good as anything. */
  readonly totalLog: number;
  /** So many of its frames are words. */
  readonly wordFrameCount: number;
  /** The same of the word that fits worst, for each of its frames. */
  readonly worstWordLog: number;
}

/** What seems to be said, while it is being said. */
export interface PartialReadings {
  /** Of any words; undefined where the machine is too slow for it. */
  readonly open: Reading | undefined;
  /** Of the commands only, which finds one in everything; undefined without a grammar. */
  readonly command: Reading | undefined;
}

/** One word of the open reading, in ms since the utterance began. */
export interface TimedWord {
  readonly word: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** What was said, both ways. */
export interface Readings extends PartialReadings {
  readonly words: readonly TimedWord[];
  /** Of the grammar that was used. */
  readonly grammarVersion: string | undefined;
}

/** The commands, as `intents/current` tells them. */
export interface Grammar {
  readonly version: string;
  /** JSGF with one public rule; words in lower case. */
  readonly jsgf: string;
  /** Pronunciations that the recogniser's dictionary may lack. */
  readonly words: readonly { readonly word: string; readonly phones: string }[];
}

/** How much is decoded: everything; with narrow beams and without partials; or the grammar only. */
export const PROFILES = ["full", "narrow", "grammar_only"] as const;
export type Profile = (typeof PROFILES)[number];

/** What a decoder is, once it is there. */
export interface DecoderFacts {
  readonly profile: Profile;
  /** Decoding time divided by the time of the sound, on built-in speech; 0 when the profile was given. */
  readonly realTimeRatio: number;
}

/** Who hears how a decoder is. */
export interface DecoderListener {
  /** It hears; also after it broke, as soon as it is replaced. */
  readonly onUp: (facts: DecoderFacts) => void;
  /** It does not hear, why, and what helps; it is tried again by itself. */
  readonly onDown: (error: EngineError) => void;
  /** What became of a grammar; one that was refused, with the reason, leaves the one before in force. */
  readonly onGrammar: (version: string, problem: string | undefined) => void;
}

/**
 * Makes text of speech, outside this process. Providers stand in `transcribers/`, and pass `describeTranscriber`.
 *
 * 1. Nothing here blocks: decoding happens elsewhere, and is replaced there when it breaks.
 * 2. A decoder reads one utterance at a time. What is begun before it is up waits for it.
 * 3. Every `finish` settles, unless the decoder hangs: then it does as soon as that is noticed, within 10 s.
 * 4. What waits is bounded: a decoder that cannot follow fails the utterance, and says so.
 */
export interface Transcriber {
  /** As settings and `stt/state` name it: `pocketsphinx`. */
  readonly name: string;
  /** Returns at once; what comes of it is told. */
  open(listener: DecoderListener): Decoder;
}

export type DecoderState =
  | { readonly kind: "starting" }
  | { readonly kind: "up"; readonly facts: DecoderFacts }
  | { readonly kind: "down"; readonly error: EngineError };

/** One pair of ears. */
export interface Decoder extends AsyncDisposable {
  readonly state: DecoderState;
  /** From the next utterance on, and again after every restart. */
  useGrammar(grammar: Grammar): void;
  /** @throws TypeError while another utterance is running. */
  begin(options: UtteranceOptions): Utterance;
}

export interface UtteranceOptions {
  /** About every 100 ms of sound, also when nothing has changed; never after the end. */
  readonly onPartial: (readings: PartialReadings) => void;
  /** The decoder broke, or fell too far behind, before this utterance was read; told at once, also when nobody waits for its end. */
  readonly onBroken: (error: EngineError) => void;
}

/** What is being said. */
export interface Utterance {
  /** Int16Array, mono, 16 000 Hz, any length; taken over, so not to be written to any more. */
  feed(pcm: Int16Array): void;
  /** Rejects with an `EngineError` when the decoder broke since the beginning. Once. */
  finish(): Promise<Readings>;
  /** Forgets what was said; the decoder is free for the next utterance. A running `finish` rejects. */
  drop(): void;
}
