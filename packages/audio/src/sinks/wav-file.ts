import { type FileHandle, open } from "node:fs/promises";
import { AudioSinkError } from "../errors.ts";
import { bytesOf } from "../pcm/sample-bytes.ts";
import { WAV_HEAD_BYTES, wavHead } from "../wav/encode-wav.ts";

/** A WAV file that grows. */
export class WavFile {
  readonly #handle: FileHandle;
  #sampleCount: number;
  #written: Promise<void> = Promise.resolve();

  constructor(handle: FileHandle, sampleCount: number) {
    this.#handle = handle;
    this.#sampleCount = sampleCount;
  }

  append(pcm: Int16Array): Promise<void> {
    const position = WAV_HEAD_BYTES + 2 * this.#sampleCount;
    this.#sampleCount += pcm.length;
    const sampleCount = this.#sampleCount;
    this.#written = this.#written.then(async () => {
      await this.#handle.write(bytesOf(pcm), { position });
      await this.#handle.write(wavHead(sampleCount), { position: 0 });
    });
    return this.#written;
  }

  /** Resolves when everything so far is in the file. */
  flushed(): Promise<void> {
    return this.#written;
  }

  async close(): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#handle.close();
  }
}

/** Opens a file of this kind, or makes one. @throws {AudioSinkError} when another kind of file is there. */
export async function openWavFile(path: string): Promise<WavFile> {
  const handle = await open(path, "a+").then(async (made) => {
    await made.close();
    return open(path, "r+");
  });
  try {
    const { size } = await handle.stat();
    const sampleCount = Math.floor(Math.max(0, size - WAV_HEAD_BYTES) / 2);
    if (size > 0) await mustBeOurs(handle, path);
    // The head may be older than the samples: what is there counts.
    await handle.write(wavHead(sampleCount), { position: 0 });
    return new WavFile(handle, sampleCount);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The fields of the head that do not depend on the length. */
async function mustBeOurs(handle: FileHandle, path: string): Promise<void> {
  const head = new Uint8Array(WAV_HEAD_BYTES);
  const { bytesRead } = await handle.read(head, { position: 0 });
  const expected = wavHead(0);
  const isLength = (at: number): boolean => (at >= 4 && at < 8) || at >= 40;
  if (bytesRead === WAV_HEAD_BYTES && expected.every((byte, at) => isLength(at) || byte === head[at])) return;
  throw new AudioSinkError(`"${path}" is there already, and is no WAV file with mono sound of 16 000 Hz and 16 bits.`, {
    remedy: "Choose another file, or delete this one.",
  });
}
