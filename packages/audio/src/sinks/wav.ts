import type { AudioSink } from "../audio-sink.ts";
import { AudioSinkError } from "../errors.ts";
import { PacedSink, type SinkOptions } from "./paced-sink.ts";
import type { Timing } from "./playhead.ts";
import type { Outlet, Speaker, SpeakerNews } from "./speaker.ts";
import { openWavFile, type WavFile } from "./wav-file.ts";

/** Which file, and how fast it is filled. */
export interface WavSinkOptions extends SinkOptions {
  readonly path: string;
  /** `real_time`: as it would sound; `at_once`: as fast as it comes. */
  readonly pace: "real_time" | "at_once";
}

/**
 * Writes what is played into a WAV file: one sentence after the other, without the silence between them.
 *
 * The file's head is brought up to date with every write, so that the file can be played also after a crash. A file that is there
 * already and was made by this sink is continued; any other is left alone, and said so.
 */
export function openWavSink({ path, pace, ...options }: WavSinkOptions): AudioSink {
  return new PacedSink(new WavSpeaker(path, pace), options);
}

class WavSpeaker implements Speaker {
  readonly name = "wav";
  readonly isAudible = false;
  readonly #path: string;
  readonly #timing: Timing;
  #file: Promise<WavFile> | undefined;

  constructor(path: string, pace: WavSinkOptions["pace"]) {
    this.#path = path;
    this.#timing = { by: pace === "at_once" ? "at_once" : "clock", latencyMs: 0 };
  }

  prepare(): void {
    // Whoever plays hears why it cannot be written.
    this.#opened().catch(() => undefined);
  }

  async open(_sayId: string, news: SpeakerNews): Promise<Outlet> {
    return outletInto(await this.#opened(), this.#timing, news);
  }

  silence(): AudioSinkError {
    return this.#trouble(new Error("It takes no more."));
  }

  async close(): Promise<void> {
    const file = await this.#file?.catch(() => undefined);
    this.#file = undefined;
    await file?.close();
  }

  async #opened(): Promise<WavFile> {
    this.#file ??= openWavFile(this.#path);
    try {
      return await this.#file;
    } catch (cause) {
      // The next sentence tries afresh.
      this.#file = undefined;
      throw cause instanceof AudioSinkError ? cause : this.#trouble(cause);
    }
  }

  #trouble(cause: unknown): AudioSinkError {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new AudioSinkError(`"${this.#path}" cannot be written: ${why}`, {
      remedy: "Choose a file in a folder that exists and has room.",
      cause,
    });
  }
}

function outletInto(file: WavFile, timing: Timing, news: SpeakerNews): Outlet {
  const tell = (error: unknown): void => news.broke(error instanceof Error ? error : new Error(String(error)));
  return {
    timing,
    endsBy: timing.by === "at_once" ? "outlet" : "playhead",
    write: (pcm) => void file.append(pcm).catch(tell),
    finish: () => void file.flushed().then(news.ended, tell),
    cut: () => undefined,
    release: () => undefined,
  };
}
