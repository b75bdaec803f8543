/** One sentence as sound: what a speech engine gives to a sink. */
export interface Sound {
  /** How long it will sound, in ms: an estimate that grows true, and is exact when the whole is synthesised. */
  readonly expectedMs: number;
  /**
   * Int16Array chunks of any length, mono, 16 000 Hz, read once. It rejects with an `Error` whose message a person can read when
   * the engine breaks in the middle.
   */
  readonly pcm: AsyncIterable<Int16Array>;
}

/** How one sound is played. */
export interface PlayOptions {
  /** Names the sound towards a remote loudspeaker: 32 hex characters. */
  readonly sayId: string;
  /** Aborting it is silence, at once. */
  readonly signal: AbortSignal;
  /** Called once, at the first audible sample; never for a sound without samples. */
  readonly onStart: () => void;
}

/**
 * One loudspeaker. Providers stand in `sinks/`, and pass `describeAudioSink`.
 *
 * 1. One sound at a time; `play` while another plays rejects with a `TypeError`. A sound that was cut is over at once.
 * 2. It is fed at most 100 ms ahead of its time; a pause is not feeding, and outlives the sound: what is played while paused begins
 *    at `resume`. What was fed before a pause still sounds, nothing is lost by it.
 * 3. `positionMs` is what has been fed less the sink's latency, true to 60 ms; it never goes back.
 * 4. When the engine breaks in the middle, what came of it sounds to its end; then `play` rejects with the engine's error.
 */
export interface AudioSink {
  /** As settings and health name it: `device`, `wav`, `mqtt`, `null`. */
  readonly name: string;
  /** Whether anything can be heard of it. */
  readonly isAudible: boolean;
  /** How much of the current (after it, the last) sound has sounded, in ms. */
  readonly positionMs: number;
  /** Something will be played in a moment: what takes time is begun now. Needs not be followed by anything. */
  prepare(): void;
  /** Resolves when the last sample has sounded; rejects with the signal's reason, the engine's error, or an `AudioSinkError`. */
  play(sound: Sound, options: PlayOptions): Promise<void>;
  pause(): void;
  resume(): void;
  /** 0 is silent, 1 is full; heard within 100 ms, also in the sound being played. Time goes on either way. */
  setVolume(volumeRatio: number): void;
  /** Cuts what plays and releases what it holds between sounds. Idempotent. */
  close(): Promise<void>;
}
