import { samplesOfMs } from "../frame.ts";

/** Read ahead so much, so that an engine which streams is not waited for; the rest stays with the engine. */
const AHEAD_SAMPLES = samplesOfMs(500);

/** What has come of a sound and was not handed over yet. */
export class Inlet {
  readonly #iterator: AsyncIterator<Int16Array>;
  readonly #onNews: () => void;
  readonly #waiting: Int16Array[] = [];
  #availableSamples = 0;
  #end: { readonly error: unknown } | undefined;
  #isReading = false;

  /** `onNews`: more has come, or it is at its end. */
  constructor(pcm: AsyncIterable<Int16Array>, onNews: () => void) {
    this.#iterator = pcm[Symbol.asyncIterator]();
    this.#onNews = onNews;
    void this.#read();
  }

  get availableSamples(): number {
    return this.#availableSamples;
  }

  /** Nothing more comes, and what came has been taken; with why, when the engine broke. */
  get end(): { readonly error: unknown } | undefined {
    return this.#availableSamples === 0 ? this.#end : undefined;
  }

  /** Whether what is available is all there will be. */
  get isComplete(): boolean {
    return this.#end !== undefined;
  }

  /** At most so many of the samples that have come. */
  take(mostSamples: number): Int16Array {
    const pcm = new Int16Array(Math.min(mostSamples, this.#availableSamples));
    let filled = 0;
    while (filled < pcm.length) {
      const [first = new Int16Array(0)] = this.#waiting;
      const piece = first.subarray(0, pcm.length - filled);
      pcm.set(piece, filled);
      filled += piece.length;
      if (piece.length === first.length) this.#waiting.shift();
      else this.#waiting[0] = first.subarray(piece.length);
    }
    this.#availableSamples -= pcm.length;
    void this.#read();
    return pcm;
  }

  /** Nobody wants the rest. */
  close(): void {
    this.#end ??= { error: undefined };
    this.#waiting.length = 0;
    this.#availableSamples = 0;
    // An engine that fails while it is being ended has nobody left to tell.
    Promise.resolve(this.#iterator.return?.()).catch(() => undefined);
  }

  /** Never rejects: what goes wrong is the end of the sound. */
  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#end === undefined && this.#availableSamples < AHEAD_SAMPLES) {
      try {
        const { done, value } = await this.#iterator.next();
        if (done === true) this.#end ??= { error: undefined };
        else this.#add(value);
      } catch (error) {
        this.#end ??= { error };
      }
      this.#onNews();
    }
    this.#isReading = false;
  }

  #add(pcm: Int16Array): void {
    if (this.#end !== undefined || pcm.length === 0) return;
    this.#waiting.push(pcm);
    this.#availableSamples += pcm.length;
  }
}
