/** Frames on their way from whoever captures them to whoever reads them. Pure. */
import type { AudioFrame } from "./frame.ts";

/** 5 s: who is that late has given up, and the oldest frames are what it can do without. */
const WAITING_MAX = 256;

/**
 * One writer, one reader. When 256 frames wait, the oldest is dropped: the reader sees a jump of `sample`. What waits at the end is
 * still read; after a failure too, and then the failure is thrown.
 */
export class FrameQueue {
  readonly #waiting: AudioFrame[] = [];
  #end: { readonly error: Error | undefined } | undefined;
  #wake: () => void = () => undefined;

  /** Whether nothing more will be taken. */
  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  push(frame: AudioFrame): void {
    if (this.#end !== undefined) return;
    this.#waiting.push(frame);
    if (this.#waiting.length > WAITING_MAX) this.#waiting.shift();
    this.#wake();
  }

  /** Nothing more comes, because of `error` or because it is over; only the first end counts. */
  end(error?: Error): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** Nobody reads any more: what waits is forgotten. */
  leave(): void {
    this.end();
    this.#waiting.length = 0;
  }

  async *read(): AsyncGenerator<AudioFrame, void, undefined> {
    for (;;) {
      const frame = this.#waiting.shift();
      if (frame !== undefined) yield frame;
      else if (this.#end !== undefined) break;
      else await this.#change();
    }
    if (this.#end.error !== undefined) throw this.#end.error;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
