/** Mono 16-bit samples and their bytes, little-endian, wherever they lie in memory. Pure. */
import { WholeBlocks } from "./whole-blocks.ts";

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A copy of the samples; a last odd byte is left out. */
export function samplesOf(bytes: Uint8Array): Int16Array {
  // A copy lies at an even address, which a view may not; and `slice` of a Buffer would be a view.
  const copy = new Uint8Array(bytes.subarray(0, bytes.length & ~1));
  return swapped(new Int16Array(copy.buffer));
}

/** A copy of the samples as bytes. */
export function bytesOf(pcm: Int16Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(swapped(pcm.slice()).buffer);
}

/** Makes samples of bytes that come in pieces of any length, cut anywhere. */
export class SampleReader {
  readonly #blocks = new WholeBlocks(2);

  push(bytes: Uint8Array): Int16Array {
    return samplesOf(this.#blocks.push(bytes));
  }
}

function swapped(pcm: Int16Array<ArrayBuffer>): Int16Array<ArrayBuffer> {
  if (IS_LITTLE_ENDIAN) return pcm;
  const view = new DataView(pcm.buffer);
  return pcm.map((_, index) => view.getInt16(2 * index, true));
}
