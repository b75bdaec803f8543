/** Bytes that come in pieces cut anywhere, in whole blocks. Pure. */

/** Keeps back what is no whole block yet. */
export class WholeBlocks {
  readonly #blockBytes: number;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(blockBytes: number) {
    this.#blockBytes = blockBytes;
  }

  /** All blocks that are whole with this piece, one behind the other; it may share the piece's memory. */
  push(bytes: Uint8Array): Uint8Array {
    const all = this.#rest.length === 0 ? bytes : joined(this.#rest, bytes);
    const wholeBytes = all.length - (all.length % this.#blockBytes);
    this.#rest = new Uint8Array(all.subarray(wholeBytes));
    return all.subarray(0, wholeBytes);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
