import { joinPcm, msOfSamples, type Sound, samplesOfMs } from "@ts-tars/audio";

/** A sentence up to so long is kept whole while it is spoken, and may be kept for the next time. */
export const KEPT_MS = 30_000;
/** So far an engine may be ahead of its listener. */
const AHEAD_SAMPLES = samplesOfMs(60_000);

/** Who hears what becomes of it while it is made. */
export interface Maker {
  /** All of it is there; `pcm` is undefined when it is too long to be kept. */
  readonly completed: (pcm: Int16Array | undefined) => void;
  readonly broke: (error: unknown) => void;
}

/**
 * A sound on its way from an engine to one listener: taken as fast as it is made, and held until it is heard. So it is known early
 * how long it is, the engine's process ends early, and the next sentence can be made while this one sounds.
 */
export class Take implements Sound {
  readonly pcm: AsyncIterable<Int16Array>;
  readonly #sound: Sound;
  readonly #chunks: Int16Array[] = [];
  #madeSamples = 0;
  #heardSamples = 0;
  #heardCount = 0;
  #end: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;
  #wakeMaker: () => void = () => undefined;
  #refined: () => void = () => undefined;

  constructor(sound: Sound, maker: Maker) {
    this.#sound = sound;
    this.pcm = this.#listen();
    void this.#make(maker);
  }

  /** Exact once all of it is there; before, never less than what is there. */
  get expectedMs(): number {
    const madeMs = msOfSamples(this.#madeSamples);
    return this.#end !== undefined && this.#end.error === undefined ? madeMs : Math.max(madeMs, this.#sound.expectedMs);
  }

  /** Calls the listener whenever it is known better how long it will sound. */
  whenRefined(listener: () => void): void {
    this.#refined = listener;
  }

  /** Never rejects: what goes wrong is the end of the sound. */
  async #make({ completed, broke }: Maker): Promise<void> {
    try {
      for await (const chunk of this.#sound.pcm) {
        const wasExpectedMs = this.expectedMs;
        this.#chunks.push(chunk);
        this.#madeSamples += chunk.length;
        this.#wake();
        if (this.expectedMs !== wasExpectedMs) this.#refined();
        while (this.#madeSamples - this.#heardSamples >= AHEAD_SAMPLES) await this.#listened();
      }
      this.#end = { error: undefined };
      this.#refined();
      completed(this.#isKept() ? joinPcm(this.#chunks) : undefined);
    } catch (error) {
      this.#end = { error };
      broke(error);
    }
    this.#wake();
  }

  #isKept(): boolean {
    return msOfSamples(this.#madeSamples) <= KEPT_MS;
  }

  async *#listen(): AsyncGenerator<Int16Array, void, undefined> {
    for (;;) {
      const chunk = this.#chunks[this.#heardCount];
      if (chunk !== undefined) {
        this.#hear(chunk);
        yield chunk;
      } else if (this.#end !== undefined) break;
      else await this.#made();
    }
    if (this.#end.error !== undefined) throw this.#end.error;
  }

  #hear(chunk: Int16Array): void {
    this.#heardSamples += chunk.length;
    this.#heardCount += 1;
    if (!this.#isKept()) {
      // Heard once, and not needed again.
      this.#chunks.splice(0, this.#heardCount);
      this.#heardCount = 0;
    }
    this.#wakeMaker();
  }

  #made(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #listened(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeMaker = resolve;
    });
  }
}
