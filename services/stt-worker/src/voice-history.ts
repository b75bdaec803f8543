/** How the frames that the ring still holds sounded. Pure. */
import type { Voice } from "./voice-detector.ts";

/** A frame without its sound. */
export interface HeardFrame extends Voice {
  readonly captureId: string;
  readonly sample: number;
  readonly sampleCount: number;
}

/** 5 s of frames of 20 ms. */
const FRAMES_MAX = 250;

/** The newest frames of one capture, in order; another capture begins it anew. */
export class VoiceHistory {
  #frames: HeardFrame[] = [];

  get captureId(): string | undefined {
    return this.#frames.at(-1)?.captureId;
  }

  push(frame: HeardFrame): void {
    if (frame.captureId !== this.captureId) this.#frames = [];
    this.#frames.push(frame);
    if (this.#frames.length > FRAMES_MAX) this.#frames.shift();
  }

  /** The frames that end behind the sample. */
  since(fromSample: number): readonly HeardFrame[] {
    return this.#frames.filter(({ sample, sampleCount }) => sample + sampleCount > fromSample);
  }

  clear(): void {
    this.#frames = [];
  }
}
