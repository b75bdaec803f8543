import type { Clock } from "@ts-tars/service";
import type { AudioSink, PlayOptions, Sound } from "../audio-sink.ts";
import { Gain } from "./gain.ts";
import { Playing, type Tap } from "./playing.ts";
import type { Speaker } from "./speaker.ts";

/** What every sink is opened with. */
export interface SinkOptions {
  readonly clock: Clock;
  /**
   * Sees what is handed to the loudspeaker, volume applied, with the moment on `clock` at which its first sample will sound: up to
   * 150 ms before that moment, and up to 100 ms of it never sound when they are cut.
   */
  readonly tap?: Tap | undefined;
}

/** The part that all sinks share: one sound at a time, fed at the pace of time. */
export class PacedSink implements AudioSink {
  readonly name: string;
  readonly isAudible: boolean;
  readonly #speaker: Speaker;
  readonly #options: SinkOptions;
  readonly #gain = new Gain(1);
  #playing: Playing | undefined;
  #isPaused = false;
  #isClosed = false;
  #lastPositionMs = 0;

  constructor(speaker: Speaker, options: SinkOptions) {
    this.name = speaker.name;
    this.isAudible = speaker.isAudible;
    this.#speaker = speaker;
    this.#options = options;
  }

  get positionMs(): number {
    return this.#playing?.positionMs ?? this.#lastPositionMs;
  }

  prepare(): void {
    if (!this.#isClosed) this.#speaker.prepare();
  }

  async play({ pcm }: Sound, { sayId, signal, onStart }: PlayOptions): Promise<void> {
    signal.throwIfAborted();
    if (this.#isClosed) throw new TypeError("The sink is closed.");
    if (this.#playing !== undefined) throw new TypeError("A sink plays one sound at a time.");
    const { clock, tap } = this.#options;
    this.#gain.settle();
    const shared = { clock, tap, speaker: this.#speaker, gain: this.#gain };
    const playing = new Playing(pcm, sayId, { ...shared, onStart, isPaused: this.#isPaused });
    this.#playing = playing;
    const silence = (): void => {
      playing.cut(signal.reason);
      this.#forget(playing);
    };
    signal.addEventListener("abort", silence, { once: true });
    try {
      await playing.over;
    } finally {
      signal.removeEventListener("abort", silence);
      this.#forget(playing);
    }
  }

  pause(): void {
    this.#isPaused = true;
    this.#playing?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#playing?.resume();
  }

  setVolume(volumeRatio: number): void {
    this.#gain.glideTo(volumeRatio);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#playing?.cut(new Error("The loudspeaker was closed."));
    await this.#speaker.close();
  }

  #forget(playing: Playing): void {
    if (this.#playing !== playing) return;
    this.#lastPositionMs = playing.positionMs;
    this.#playing = undefined;
  }
}
