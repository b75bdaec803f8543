/** Sound in pieces of any length becomes frames. Pure. */
import { type AudioFrame, FRAME_SAMPLES } from "../frame.ts";

/**
 * Cuts one capture into frames of 320 samples, numbered from its first sample on.
 *
 * Pieces that know their place may leave gaps or come twice: what is missing shows as a jump of `sample`, what was there already is
 * left out. The at most 319 samples that wait for the rest of their frame are lost with a gap.
 */
export class Framer {
  readonly #captureId: string;
  readonly #waiting = new Int16Array(FRAME_SAMPLES);
  #waitingCount = 0;
  /** Of the first sample that waits. */
  #sample = 0;

  constructor(captureId: string) {
    this.#captureId = captureId;
  }

  /** The number of the sample that comes next. */
  get nextSample(): number {
    return this.#sample + this.#waitingCount;
  }

  /** The frames that are full with this piece; `atSample` is the number of its first sample, by default the next one. */
  push(pcm: Int16Array, atSample: number = this.nextSample): readonly AudioFrame[] {
    const knownCount = this.nextSample - atSample;
    if (knownCount < 0) this.#jumpTo(atSample);
    return this.#fill(knownCount > 0 ? pcm.subarray(knownCount) : pcm);
  }

  /** What waits, as a last, shorter frame; undefined when nothing does. */
  flush(): AudioFrame | undefined {
    if (this.#waitingCount === 0) return undefined;
    const frame = this.#frame(this.#waiting.slice(0, this.#waitingCount));
    this.#waitingCount = 0;
    return frame;
  }

  #jumpTo(sample: number): void {
    this.#waitingCount = 0;
    this.#sample = sample;
  }

  #fill(pcm: Int16Array): readonly AudioFrame[] {
    const frames: AudioFrame[] = [];
    let offset = 0;
    while (offset < pcm.length) {
      const piece = pcm.subarray(offset, offset + FRAME_SAMPLES - this.#waitingCount);
      this.#waiting.set(piece, this.#waitingCount);
      this.#waitingCount += piece.length;
      offset += piece.length;
      if (this.#waitingCount < FRAME_SAMPLES) break;
      this.#waitingCount = 0;
      frames.push(this.#frame(this.#waiting.slice()));
    }
    return frames;
  }

  #frame(pcm: Int16Array): AudioFrame {
    const frame = { captureId: this.#captureId, sample: this.#sample, pcm };
    this.#sample += pcm.length;
    return frame;
  }
}
