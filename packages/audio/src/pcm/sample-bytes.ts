/** Mono 16-bit samples and their bytes, little-endian, wherever they lie in memory. Pure. */

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
  #odd: number | undefined;

  push(bytes: Uint8Array): Int16Array {
    if (this.#odd === undefined) return this.#read(bytes);
    if (bytes.length === 0) return new Int16Array(0);
    const whole = new Uint8Array(bytes.length + 1);
    whole[0] = this.#odd;
    whole.set(bytes, 1);
    return this.#read(whole);
  }

  #read(bytes: Uint8Array): Int16Array {
    this.#odd = bytes.length % 2 === 1 ? bytes.at(-1) : undefined;
    return samplesOf(bytes);
  }
}

function swapped(pcm: Int16Array<ArrayBuffer>): Int16Array<ArrayBuffer> {
  if (IS_LITTLE_ENDIAN) return pcm;
  const view = new DataView(pcm.buffer);
  return pcm.map((_, index) => view.getInt16(2 * index, true));
}
