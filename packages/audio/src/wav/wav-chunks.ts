/** The chunks of a RIFF file. Pure. */
import { WavError } from "../errors.ts";
import { CONVERT_IT } from "./convert-command.ts";
import { foreignKindOf } from "./foreign-file.ts";

/** What a WAV file is made of, as far as it is used. */
export interface WavChunks {
  /** The content of the `fmt ` chunk. */
  readonly format: Uint8Array;
  /** The samples, as many as are there. */
  readonly data: Uint8Array;
  /** Bytes of the samples that were announced and are not there. */
  readonly missingBytes: number;
}

const HEAD_BYTES = 8;
const RIFF_BYTES = 12;

/** Whoever writes into a pipe cannot come back to fill in the length: espeak-ng and sox leave 0x7ffff000, ffmpeg 0xffffffff. */
const ENDLESS_BYTES = 0x7fff_0000;

/** @throws {WavError} when it is no WAV file, or lacks what makes one. */
export function readWavChunks(bytes: Uint8Array): WavChunks {
  requireRiff(bytes);
  let format: Uint8Array | undefined;
  for (let at = RIFF_BYTES; at + HEAD_BYTES <= bytes.length; ) {
    const id = textAt(bytes, at);
    const announcedBytes = lengthAt(bytes, at + 4);
    const content = bytes.subarray(at + HEAD_BYTES, at + HEAD_BYTES + announcedBytes);
    if (id === "fmt ") format ??= content;
    if (id === "data") return { format: requireFormat(format), ...dataOf(bytes, { at, announcedBytes }) };
    // Chunks begin at even places.
    at += HEAD_BYTES + announcedBytes + (announcedBytes % 2);
  }
  requireFormat(format);
  throw new WavError("The WAV file holds no sound: there is no `data` in it.", { remedy: "Get the file again." });
}

function requireRiff(bytes: Uint8Array): void {
  if (bytes.length === 0) throw new WavError("The WAV file is empty.", { remedy: "Record it again." });
  const isWav = textAt(bytes, 0) === "RIFF" && textAt(bytes, 8) === "WAVE";
  if (isWav) return;
  const kind = foreignKindOf(bytes);
  const is = kind === undefined ? "is no WAV file: it does not begin as one" : `is ${kind}, whatever its name says`;
  throw new WavError(`The file ${is}.`, { remedy: CONVERT_IT });
}

function requireFormat(format: Uint8Array | undefined): Uint8Array {
  if (format !== undefined) return format;
  throw new WavError("The WAV file does not say how its sound is to be read: there is no `fmt ` before the sound.", {
    remedy: "Get the file again, or convert it with ffmpeg.",
  });
}

function dataOf(
  bytes: Uint8Array,
  { at, announcedBytes }: { readonly at: number; readonly announcedBytes: number },
): Omit<WavChunks, "format"> {
  const rest = bytes.subarray(at + HEAD_BYTES);
  const isEndless = announcedBytes >= ENDLESS_BYTES || (announcedBytes === 0 && !isChunk(rest));
  if (isEndless) return { data: rest, missingBytes: 0 };
  const data = rest.subarray(0, announcedBytes);
  return { data, missingBytes: announcedBytes - data.length };
}

/** Whether another chunk follows, as behind a `data` that is truly empty. */
function isChunk(bytes: Uint8Array): boolean {
  return bytes.length === 0 || /^[A-Za-z][A-Za-z0-9 ]{3}$/.test(textAt(bytes, 0));
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}
