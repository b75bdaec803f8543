/** The last seconds of a capture. Pure. */
import { type AudioFrame, samplesOfMs } from "../frame.ts";

/** A stretch of a capture out of the ring. */
export interface RingReading {
  /** The number of the first sample that is still there; `pcm` begins with it. */
  readonly sample: number;
  /** Silence stands where samples were lost on their way into the ring. */
  readonly pcm: Int16Array;
  /** So many samples before `sample` were asked for and are gone. */
  readonly goneCount: number;
  /** So many of `pcm` were never heard, and are silence. */
  readonly lostCount: number;
}

interface Gap {
  readonly from: number;
  readonly to: number;
}

/** Keeps the last `keepMs` of one capture, by sample number; another capture begins it anew. */
export class Ring {
  readonly #samples: Int16Array;
  #captureId: string | undefined;
  #firstSample = 0;
  #nextSample = 0;
  #gaps: Gap[] = [];

  constructor(keepMs: number) {
    this.#samples = new Int16Array(samplesOfMs(keepMs));
  }

  /** Whose sound it holds; undefined before the first frame. */
  get captureId(): string | undefined {
    return this.#captureId;
  }

  /** The number of the oldest sample that is kept. */
  get firstSample(): number {
    return this.#firstSample;
  }

  /** The number of the sample that comes next. */
  get nextSample(): number {
    return this.#nextSample;
  }

  /** Frames come in order; what was lost between two is kept as silence, so that numbers stay times. */
  push({ captureId, sample, pcm }: AudioFrame): void {
    if (captureId !== this.#captureId) this.#begin(captureId, sample);
    if (sample > this.#nextSample) this.#skipTo(sample);
    const isNew = pcm.subarray(Math.max(0, this.#nextSample - sample));
    this.#write(isNew);
  }

  /** The samples from `fromSample` up to, without, `toSample`, as far as they are kept. */
  read(fromSample: number, toSample: number = this.#nextSample): RingReading {
    const from = Math.min(Math.max(fromSample, this.#firstSample), this.#nextSample);
    const to = Math.max(from, Math.min(toSample, this.#nextSample));
    const pcm = new Int16Array(to - from);
    const at = from % this.#samples.length;
    const head = this.#samples.subarray(at, at + pcm.length);
    pcm.set(head);
    pcm.set(this.#samples.subarray(0, pcm.length - head.length), head.length);
    const lostCount = this.#gaps.reduce((sum, gap) => sum + overlap(gap, { from, to }), 0);
    return {
      sample: from,
      pcm,
      goneCount: overlap({ from: fromSample, to: toSample }, { from: 0, to: from }),
      lostCount,
    };
  }

  #begin(captureId: string, sample: number): void {
    this.#captureId = captureId;
    this.#firstSample = sample;
    this.#nextSample = sample;
    this.#gaps = [];
  }

  #skipTo(sample: number): void {
    const length = this.#samples.length;
    const gap = { from: Math.max(this.#nextSample, sample - length), to: sample };
    this.#gaps.push(gap);
    // Longer gaps than the ring are cut, so that this is bounded.
    this.#nextSample = gap.from;
    this.#write(new Int16Array(gap.to - gap.from));
  }

  #write(pcm: Int16Array): void {
    const length = this.#samples.length;
    const kept = pcm.subarray(Math.max(0, pcm.length - length));
    const at = (this.#nextSample + pcm.length - kept.length) % length;
    const head = kept.subarray(0, length - at);
    this.#samples.set(head, at);
    this.#samples.set(kept.subarray(head.length), 0);
    this.#nextSample += pcm.length;
    this.#firstSample = Math.max(this.#firstSample, this.#nextSample - length);
    this.#gaps = this.#gaps.filter(({ to }) => to > this.#firstSample);
  }
}

function overlap(a: Gap, b: Gap): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
}
