import type { AudioSink, PlayOptions, Sound } from "@ts-tars/audio";
import type { Log } from "@ts-tars/mqtt";
import type { Clock, Health } from "@ts-tars/service";
import { lackOf } from "./lack.ts";

export interface HomeSinkDeps {
  readonly device: AudioSink;
  /** What keeps time while the device does not work; undefined: sentences fail, and say why. */
  readonly spare: AudioSink | undefined;
  /** Looks whether the device works, without a sound. */
  readonly check: () => Promise<unknown>;
  readonly clock: Clock;
  readonly health: Health;
  readonly log: Log;
  /** Another sink is used from now on. */
  readonly onChange: () => void;
}

/** What does not work is looked at again so often: a loudspeaker that was plugged in needs no restart. */
const LOOK_AGAIN_MS = 10_000;
const PART = "sink";

/** This machine's loudspeaker as long as it works; without one, time is kept all the same. Changes between sentences only. */
export class HomeSink implements AudioSink {
  readonly #deps: HomeSinkDeps;
  #current: AudioSink;
  /** The one that played last. */
  #playing: AudioSink;
  #cancelTimer: () => void = () => undefined;
  #isClosed = false;

  constructor(deps: HomeSinkDeps) {
    this.#deps = deps;
    this.#current = deps.device;
    this.#playing = deps.device;
  }

  get name(): string {
    return this.#current.name;
  }

  get isAudible(): boolean {
    return this.#current.isAudible;
  }

  get positionMs(): number {
    return this.#playing.positionMs;
  }

  /** Looks whether the device works, tells the health, and looks again later when it does not. Never rejects. */
  async look(): Promise<void> {
    this.#cancelTimer();
    try {
      await this.#deps.check();
      if (this.#isClosed) return;
      this.#use(this.#deps.device);
      this.#deps.health.ok(PART);
    } catch (error) {
      if (!this.#isClosed) this.#lacks(error);
    }
  }

  prepare(): void {
    this.#current.prepare();
  }

  async play(sound: Sound, options: PlayOptions): Promise<void> {
    const sink = this.#current;
    this.#playing = sink;
    try {
      await sink.play(sound, options);
    } catch (error) {
      // Only what has a code of its own is the loudspeaker's fault: not a cut, and not the engine.
      const isOurs = typeof error === "object" && error !== null && "code" in error && error.code === "AUDIO_SINK";
      if (isOurs && !options.signal.aborted) this.#lacks(error);
      throw error;
    }
  }

  pause(): void {
    for (const sink of this.#both()) sink.pause();
  }

  resume(): void {
    for (const sink of this.#both()) sink.resume();
  }

  setVolume(volumeRatio: number): void {
    for (const sink of this.#both()) sink.setVolume(volumeRatio);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer();
    await Promise.all(this.#both().map((sink) => sink.close()));
  }

  #both(): readonly AudioSink[] {
    const { device, spare } = this.#deps;
    return spare === undefined ? [device] : [device, spare];
  }

  #lacks(error: unknown): void {
    const { log, health, spare, clock } = this.#deps;
    log.warn({ err: error }, "the loudspeaker does not work");
    const { reason, remedy } = lackOf(error);
    health.degraded(reason, remedy, PART);
    if (spare !== undefined) this.#use(spare);
    this.#cancelTimer();
    this.#cancelTimer = clock.setTimer(LOOK_AGAIN_MS, () => void this.look());
  }

  #use(sink: AudioSink): void {
    if (this.#current === sink) return;
    this.#current = sink;
    this.#deps.onChange();
  }
}
