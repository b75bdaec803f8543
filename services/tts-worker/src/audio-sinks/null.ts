import type { Clock } from "@ts-tars/service";
import type { AudioSink, PlayOptions } from "../audio-sink.ts";
import type { Utterance } from "../speech-engine.ts";

/** Keeps time without sound: an utterance lasts as long as it would sound. */
export function openNullSink(clock: Clock): AudioSink {
  return new NullSink(clock);
}

type Motion =
  | { readonly kind: "running"; readonly sinceMs: number; readonly cancelTimer: () => void }
  | { readonly kind: "held" };

interface Playing {
  readonly durationMs: number;
  readonly options: PlayOptions;
  readonly resolve: () => void;
  hasStarted: boolean;
  /** Up to the last time it was held. */
  playedMs: number;
  motion: Motion;
}

class NullSink implements AudioSink {
  readonly name = "null";
  readonly #clock: Clock;
  #playing: Playing | undefined;
  #isPaused = false;
  #lastPositionMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get positionMs(): number {
    const playing = this.#playing;
    if (playing === undefined) return this.#lastPositionMs;
    const { motion, playedMs, durationMs } = playing;
    const runMs = motion.kind === "running" ? this.#clock.nowMs() - motion.sinceMs : 0;
    return Math.min(durationMs, playedMs + runMs);
  }

  async play({ durationMs }: Utterance, options: PlayOptions): Promise<void> {
    const { signal } = options;
    signal.throwIfAborted();
    if (this.#playing !== undefined) throw new TypeError("A sink plays one utterance at a time.");
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const silence = (): void => {
      this.#end();
      reject(signal.reason);
    };
    signal.addEventListener("abort", silence, { once: true });
    this.#playing = { durationMs, options, resolve, hasStarted: false, playedMs: 0, motion: { kind: "held" } };
    if (!this.#isPaused) this.#run(this.#playing);
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", silence);
    }
  }

  pause(): void {
    this.#isPaused = true;
    if (this.#playing !== undefined) this.#hold(this.#playing);
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#playing?.motion.kind === "held") this.#run(this.#playing);
  }

  setVolume(): void {
    // There is nothing to be louder or quieter.
  }

  #run(playing: Playing): void {
    if (!playing.hasStarted) {
      playing.hasStarted = true;
      playing.options.onStart();
    }
    const cancelTimer = this.#clock.setTimer(playing.durationMs - playing.playedMs, () => {
      this.#end();
      playing.resolve();
    });
    playing.motion = { kind: "running", sinceMs: this.#clock.nowMs(), cancelTimer };
  }

  #hold(playing: Playing): void {
    playing.playedMs = this.positionMs;
    if (playing.motion.kind === "running") playing.motion.cancelTimer();
    playing.motion = { kind: "held" };
  }

  #end(): void {
    if (this.#playing === undefined) return;
    this.#hold(this.#playing);
    this.#lastPositionMs = this.#playing.playedMs;
    this.#playing = undefined;
  }
}
