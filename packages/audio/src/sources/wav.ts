import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Clock } from "@ts-tars/service";
import type { AudioSource } from "../audio-source.ts";
import { mintCaptureId } from "../capture-id.ts";
import { AudioSourceError, WavError } from "../errors.ts";
import { type AudioFrame, samplesOfMs } from "../frame.ts";
import { Framer } from "../pcm/framer.ts";
import { openWav, type WavSound } from "../wav/open-wav.ts";
import { paced } from "./paced.ts";

/** Which file, and how it is read. */
export interface WavSourceOptions {
  readonly path: string;
  readonly clock: Clock;
  /** `real_time` as if it were spoken now; `fast` as quickly as it is read, and nothing is lost. */
  readonly pace: "real_time" | "fast";
  /** Silence behind the file, so that an end of speech can be heard in it. Default 0. */
  readonly trailingSilenceMs?: number;
  /** Names each opening: 16 hex characters. */
  readonly mintCaptureId?: () => string;
}

/** A file of many hours is a mistake. */
const FILE_BYTES_MAX = 1_000_000_000;
/** After so many frames in one go others have a turn. */
const FRAMES_PER_TURN = 50;

/** A WAV file as a microphone. */
export function openWavSource(options: WavSourceOptions): AudioSource {
  return { name: "wav", label: basename(options.path), frames: (signal) => play(options, signal) };
}

async function* play(options: WavSourceOptions, signal: AbortSignal): AsyncGenerator<AudioFrame, void, undefined> {
  if (signal.aborted) return;
  const { path, clock, pace, trailingSilenceMs = 0 } = options;
  const wav = await open(path);
  const captureId = (options.mintCaptureId ?? mintCaptureId)();
  const frames = framesOf(wav, { captureId, trailingSilenceMs });
  if (signal.aborted) return;
  if (pace === "real_time") {
    yield* paced(frames, { clock, signal });
    return;
  }
  let count = 0;
  for (const frame of frames) {
    if (count % FRAMES_PER_TURN === 0) await new Promise(setImmediate);
    if (signal.aborted) return;
    count += 1;
    yield frame;
  }
}

function* framesOf(
  wav: WavSound,
  { captureId, trailingSilenceMs }: { readonly captureId: string; readonly trailingSilenceMs: number },
): Generator<AudioFrame, void, undefined> {
  const framer = new Framer(captureId);
  for (const piece of wav.pieces()) yield* framer.push(piece);
  yield* framer.push(new Int16Array(samplesOfMs(trailingSilenceMs)));
  const last = framer.flush();
  if (last !== undefined) yield last;
}

async function open(path: string): Promise<WavSound> {
  try {
    const file = await stat(path);
    // A device or a pipe may never end, and what is read of it is kept.
    if (!file.isFile()) throw new WavError("It is no file.", { remedy: "Write the sound into a file first." });
    if (file.size > FILE_BYTES_MAX) throw new WavError("The file is longer than can be used.", { remedy: "Cut it." });
    return openWav(await readFile(path));
  } catch (cause) {
    if (cause instanceof WavError) {
      throw new AudioSourceError(`${path} cannot be used. ${cause.message}`, { remedy: cause.remedy, cause });
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AudioSourceError(`${path} cannot be read: ${why}`, {
      remedy: "Correct the path, or the file's rights.",
      cause,
    });
  }
}
