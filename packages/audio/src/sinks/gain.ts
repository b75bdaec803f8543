/** How loud sound is made. Pure. */
import { samplesOfMs } from "../frame.ts";
import { toInt16 } from "../pcm/sample-format.ts";

/** From silence to full, or back: slower than a click, faster than anyone waits. */
const RAMP_MS = 20;
const STEP_RATIO = 1 / samplesOfMs(RAMP_MS);

/** Makes sound as loud as it is told to, without clicks: the loudness glides. */
export class Gain {
  #ratio: number;
  #targetRatio: number;

  constructor(ratio: number) {
    this.#ratio = ratio;
    this.#targetRatio = ratio;
  }

  /** 0 is silent, 1 is full. */
  glideTo(ratio: number): void {
    this.#targetRatio = Math.max(0, Math.min(1, ratio));
  }

  /** Nothing sounds that could click: the target holds at once. */
  settle(): void {
    this.#ratio = this.#targetRatio;
  }

  /** The samples as loud as they should be; the same array when that changes nothing. */
  apply(pcm: Int16Array): Int16Array {
    if (this.#ratio === 1 && this.#targetRatio === 1) return pcm;
    return pcm.map((value) => toInt16(value * this.#next()));
  }

  #next(): number {
    const distance = this.#targetRatio - this.#ratio;
    this.#ratio = Math.abs(distance) <= STEP_RATIO ? this.#targetRatio : this.#ratio + Math.sign(distance) * STEP_RATIO;
    return this.#ratio;
  }
}
