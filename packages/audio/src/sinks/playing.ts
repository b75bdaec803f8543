import type { Clock } from "@ts-tars/service";
import { FRAME_SAMPLES, msOfSamples } from "../frame.ts";
import type { Gain } from "./gain.ts";
import { Inlet } from "./inlet.ts";
import { allowedSamples, type Pace, paced, STANDSTILL } from "./pace.ts";
import {
  beginPlayhead,
  excused,
  fed,
  hasBegun,
  moved,
  type Playhead,
  quietMs,
  reported,
  soundedSamples,
  soundsAtMs,
  stopped,
} from "./playhead.ts";
import type { Outlet, Speaker, SpeakerNews } from "./speaker.ts";

/** What is handed to a loudspeaker, and when it will sound on the sink's clock. */
export type Tap = (pcm: Int16Array, soundsAtMs: number) => void;

export interface PlayingDeps {
  readonly clock: Clock;
  readonly speaker: Speaker;
  readonly gain: Gain;
  readonly tap: Tap | undefined;
  readonly onStart: () => void;
  readonly isPaused: boolean;
}

/** Before a loudspeaker is there. */
const UNKNOWN = beginPlayhead({ by: "clock", latencyMs: 0 }, 0);

/** Between two looks; a frame's time. */
const LOOK_EVERY_MS = 20;
/** A loudspeaker that does not go on for so long is silent. */
const QUIET_MAX_MS = 2_000;
/** What nobody takes delivery of within so long is not played. */
const OPEN_MAX_MS = 3_000;

/** One sound while it plays: hands over what is due, and knows what has sounded. */
export class Playing {
  /** Resolves when the last sample has sounded; rejects with what broke, or the reason it was cut for. */
  readonly over: Promise<void>;
  readonly #deps: PlayingDeps;
  readonly #inlet: Inlet;
  readonly #end = Promise.withResolvers<void>();
  #outlet: Outlet | undefined;
  #pace: Pace = STANDSTILL;
  #head: Playhead = UNKNOWN;
  #stage: "opening" | "feeding" | "finishing" | "over" = "opening";
  #isPaused: boolean;
  #hasBegun = false;
  #cancelTimer: () => void;

  constructor(pcm: AsyncIterable<Int16Array>, sayId: string, deps: PlayingDeps) {
    const { clock, speaker } = deps;
    this.#deps = deps;
    this.#isPaused = deps.isPaused;
    this.over = this.#end.promise;
    this.#cancelTimer = clock.setTimer(OPEN_MAX_MS, () => this.#break(speaker.silence()));
    this.#inlet = new Inlet(pcm, () => this.#look());
    speaker.open(sayId, this.#news()).then(
      (outlet) => this.#begin(outlet),
      (error: unknown) => this.#break(error),
    );
  }

  get positionMs(): number {
    return msOfSamples(soundedSamples(this.#head, this.#deps.clock.nowMs()));
  }

  pause(): void {
    this.#isPaused = true;
    this.#look();
  }

  resume(): void {
    this.#isPaused = false;
    this.#head = excused(this.#head, this.#deps.clock.nowMs());
    this.#look();
  }

  /** Silence, now; `over` rejects with the reason. */
  cut(reason: unknown): void {
    this.#break(reason);
  }

  #begin(outlet: Outlet): void {
    if (this.#stage === "over") {
      outlet.cut();
      return;
    }
    this.#cancelTimer();
    this.#outlet = outlet;
    this.#stage = "feeding";
    this.#head = beginPlayhead(outlet.timing, this.#deps.clock.nowMs());
    this.#look();
  }

  #news(): SpeakerNews {
    const { clock } = this.#deps;
    const learn = (head: Playhead): void => {
      if (this.#stage === "over") return;
      this.#head = head;
      this.#look();
    };
    return {
      moved: () => learn(moved(this.#head, clock.nowMs())),
      reported: (sample) => learn(reported(this.#head, Math.min(sample, this.#head.fedSamples), clock.nowMs())),
      ended: () => this.#endedByOutlet(),
      broke: (error) => this.#break(error),
    };
  }

  /** Does what is due now, and sets the timer to the next look. */
  #look(): void {
    if (this.#outlet === undefined || this.#stage === "over") return;
    this.#feed(this.#outlet);
    this.#tellBegin();
    if (this.#hasSounded()) this.#conclude();
    else if (this.#isSilent()) this.#break(this.#deps.speaker.silence());
    else this.#setTimer();
  }

  #feed(outlet: Outlet): void {
    const { clock, gain, tap } = this.#deps;
    if (this.#stage !== "feeding") return;
    const atMs = clock.nowMs();
    const isPaced = outlet.timing.by !== "at_once";
    const mostSamples = this.#takable(isPaced ? allowedSamples(this.#pace, atMs) : Number.POSITIVE_INFINITY);
    if (mostSamples > 0) {
      const pcm = gain.apply(this.#inlet.take(mostSamples));
      tap?.(pcm, soundsAtMs(this.#head, atMs));
      this.#pace = paced(this.#pace, pcm.length, atMs);
      this.#head = fed(this.#head, pcm.length, atMs);
      outlet.write(pcm);
    }
    if (this.#inlet.end === undefined) return;
    this.#stage = "finishing";
    if (this.#head.fedSamples > 0) outlet.finish();
  }

  /** Of what has come: whole frames, unless it is the last of the sound. */
  #takable(allowed: number): number {
    if (this.#isPaused) return 0;
    const most = Math.min(allowed, this.#inlet.availableSamples);
    const isRest = this.#inlet.isComplete && most === this.#inlet.availableSamples;
    return isRest ? most : most - (most % FRAME_SAMPLES);
  }

  #tellBegin(): void {
    if (this.#hasBegun || !hasBegun(this.#head, this.#deps.clock.nowMs())) return;
    this.#hasBegun = true;
    this.#deps.onStart();
  }

  #hasSounded(): boolean {
    if (this.#stage !== "finishing") return false;
    if (this.#head.fedSamples === 0) return true;
    return this.#outlet?.endsBy === "playhead" && this.#restSamples() === 0;
  }

  #restSamples(): number {
    return this.#head.fedSamples - soundedSamples(this.#head, this.#deps.clock.nowMs());
  }

  /** Something should sound, and does not go on. */
  #isSilent(): boolean {
    const isExpected = this.#stage === "finishing" || this.#restSamples() > 0;
    return isExpected && !this.#isPaused && quietMs(this.#head, this.#deps.clock.nowMs()) >= QUIET_MAX_MS;
  }

  #endedByOutlet(): void {
    if (this.#stage === "over") return;
    if (this.#stage !== "finishing") {
      this.#break(this.#deps.speaker.silence());
      return;
    }
    this.#head = reported(this.#head, this.#head.fedSamples, this.#deps.clock.nowMs());
    this.#tellBegin();
    this.#conclude();
  }

  #conclude(): void {
    const error = this.#inlet.end?.error;
    this.#leave();
    this.#outlet?.release();
    if (error === undefined) this.#end.resolve();
    else this.#end.reject(error);
  }

  #break(reason: unknown): void {
    if (this.#stage === "over") return;
    this.#head = stopped(this.#head, this.#deps.clock.nowMs());
    this.#leave();
    this.#outlet?.cut();
    this.#end.reject(reason);
  }

  #leave(): void {
    this.#stage = "over";
    this.#cancelTimer();
    this.#inlet.close();
  }

  #setTimer(): void {
    const { clock } = this.#deps;
    this.#cancelTimer();
    const restMs = msOfSamples(this.#restSamples());
    const nextMs = restMs > 0 ? Math.min(LOOK_EVERY_MS, restMs) : LOOK_EVERY_MS;
    this.#cancelTimer = clock.setTimer(nextMs, () => this.#look());
  }
}
