/** The robot's own sound as a WAV file. Pure. */
import { RATE_HZ } from "../frame.ts";
import { bytesOf } from "../pcm/sample-bytes.ts";

/** What stands in front of the samples. */
export const WAV_HEAD_BYTES = 44;

/** The head of a WAV file with so many samples, mono, 16 bits. */
export function wavHead(sampleCount: number, rateHz: number = RATE_HZ): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(WAV_HEAD_BYTES));
  const text = (at: number, word: string): void => {
    for (let index = 0; index < word.length; index += 1) view.setUint8(at + index, word.charCodeAt(index));
  };
  const dataBytes = 2 * sampleCount;
  text(0, "RIFF");
  view.setUint32(4, WAV_HEAD_BYTES - 8 + dataBytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, 2 * rateHz, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, dataBytes, true);
  return new Uint8Array(view.buffer);
}

/** A whole WAV file: mono, 16 bits; the chunks follow one another. */
export function encodeWav(chunks: readonly Int16Array[], rateHz: number = RATE_HZ): Uint8Array<ArrayBuffer> {
  const sampleCount = chunks.reduce((sum, { length }) => sum + length, 0);
  const file = new Uint8Array(WAV_HEAD_BYTES + 2 * sampleCount);
  file.set(wavHead(sampleCount, rateHz));
  let at = WAV_HEAD_BYTES;
  for (const chunk of chunks) {
    file.set(bytesOf(chunk), at);
    at += 2 * chunk.length;
  }
  return file;
}
