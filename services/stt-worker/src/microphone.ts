/** This machine's own microphone: open only while a person allows it, and tried again when it is lost. */
import { AudioError, type AudioFrame, type AudioSource } from "@ts-tars/audio";
import type { Hearing } from "@ts-tars/contracts";
import { type Clock, elapsed, whenAborted } from "@ts-tars/service";

export interface MicrophoneDeps {
  /** Undefined: this machine has none, by its settings. */
  readonly source: AudioSource | undefined;
  readonly clock: Clock;
  /** Resolves when the frame is taken. */
  readonly onFrame: (frame: AudioFrame) => Promise<void>;
  readonly onEnd: (captureId: string) => void;
  readonly onChange: () => void;
}

/** What it lacks, and what helps. */
export interface Trouble {
  readonly message: string;
  readonly remedy: string;
}

/** A lost device is looked for again so often. */
const PROBE_MS = 10_000;

const NO_SOURCE: Trouble = {
  message: "No microphone is set up here.",
  remedy: "Set STT_SOURCE to device, or use the microphone of a browser.",
};

export class Microphone {
  readonly #deps: MicrophoneDeps;
  #state: Hearing["state"] = "closed";
  #trouble: Trouble | undefined;
  /** Aborts what is open. */
  #abort: AbortController | undefined;
  /** One device is never open twice: an opening waits for the end of the one before. */
  #over = Promise.resolve();

  constructor(deps: MicrophoneDeps) {
    this.#deps = deps;
  }

  get hearing(): Hearing {
    const { source } = this.#deps;
    if (source === undefined) return { source: "none", state: "closed", detail: inWords(NO_SOURCE) };
    const detail = this.#trouble === undefined ? {} : { detail: inWords(this.#trouble) };
    return { source: source.name, state: this.#state, name: source.label.slice(0, 200), ...detail };
  }

  /** Why nothing can be heard, when it should be. */
  get trouble(): Trouble | undefined {
    return this.#deps.source === undefined ? NO_SOURCE : this.#trouble;
  }

  /** Opens it, and keeps it open. */
  open(): void {
    const { source } = this.#deps;
    if (source === undefined || this.#abort !== undefined) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.#over = this.#over.then(() => this.#keepOpen(source, abort.signal));
  }

  /** Resolves when no device is open any more. */
  async close(): Promise<void> {
    this.#abort?.abort();
    this.#abort = undefined;
    await this.#over;
  }

  async #keepOpen(source: AudioSource, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#change(this.#trouble === undefined ? "opening" : "lost", this.#trouble);
      const trouble = await this.#listen(source, signal);
      if (signal.aborted) return this.#change("closed", undefined);
      // A file is over when it is over; a device that ends is gone.
      if (trouble === undefined && source.name === "wav") return this.#change("closed", undefined);
      this.#change("lost", trouble ?? { message: `${source.label} gives no more sound.`, remedy: "Plug it in again." });
      await elapsed(PROBE_MS, { clock: this.#deps.clock, signal });
    }
    this.#change("closed", undefined);
  }

  /** Until it ends, or what went wrong. */
  async #listen(source: AudioSource, signal: AbortSignal): Promise<Trouble | undefined> {
    let captureId: string | undefined;
    try {
      for await (const frame of source.frames(signal)) {
        if (captureId === undefined) this.#change("open", undefined);
        captureId = frame.captureId;
        await this.#handOver(frame, signal);
      }
      return undefined;
    } catch (error) {
      return troubleOf(error);
    } finally {
      if (captureId !== undefined) this.#deps.onEnd(captureId);
    }
  }

  /** Until it is taken, or the microphone is closed: whoever closes it may be the one who has to take the frame, and waits. */
  async #handOver(frame: AudioFrame, signal: AbortSignal): Promise<void> {
    const closed = Promise.withResolvers<void>();
    using _closing = whenAborted(signal, closed.resolve);
    await Promise.race([this.#deps.onFrame(frame), closed.promise]);
  }

  #change(state: Hearing["state"], trouble: Trouble | undefined): void {
    this.#state = state;
    this.#trouble = trouble;
    this.#deps.onChange();
  }
}

function inWords({ message, remedy }: Trouble): string {
  return `${message} ${remedy}`.slice(0, 500);
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof AudioError) return error;
  return { message: error instanceof Error ? error.message : String(error), remedy: "Look in the log of stt-worker." };
}
