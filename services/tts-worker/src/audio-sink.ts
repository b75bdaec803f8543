import type { Utterance } from "./speech-engine.ts";

/** How one utterance is played. */
export interface PlayOptions {
  /** Aborting it is silence, at once. */
  readonly signal: AbortSignal;
  /** Called once, at the first audible sample. */
  readonly onStart: () => void;
}

/**
 * One loudspeaker. Providers stand in `audio-sinks/`, and pass `describeAudioSink`.
 *
 * 1. One utterance at a time; `play` while another plays rejects with a `TypeError`.
 * 2. A pause outlives the utterance: what is played while paused begins at `resume`.
 */
export interface AudioSink {
  /** As settings and health name it. */
  readonly name: string;
  /** How much of the current (after it, the last) utterance has sounded, in ms. */
  readonly positionMs: number;
  /** Resolves when the last sample has sounded; rejects with the signal's reason, or an `Error` a person can read. */
  play(utterance: Utterance, options: PlayOptions): Promise<void>;
  pause(): void;
  resume(): void;
  /** 0 is silent, 1 is full; time goes on either way. */
  setVolume(volumeRatio: number): void;
}
