/**
 * What is to be written in one tick, in as few pieces of memory as it takes: small frames one behind the other in one
 * buffer, large payloads as they are. Pure.
 *
 * Bytes once handed out are never written again, for the system may take them later: when a buffer is full, a new one
 * is begun.
 */

/** Room for some hundred messages; larger, a robot that says little would hold memory for nothing. */
const BUFFER_BYTES = 32 * 1024;
/** A larger payload is cheaper to hand on as it is than to copy. */
export const COPIED_BYTES = 4 * 1024;

export class Page {
  /** Where a reserved frame is written. */
  buffer: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #start = 0;
  #end = 0;
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  /** Bytes not taken yet. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Room for this many bytes; returns where they begin in what `buffer` is then. All of them must be written before the
   * next call.
   */
  reserve(bytes: number): number {
    if (this.#end + bytes > this.buffer.length) this.#turn(bytes);
    const at = this.#end;
    this.#end += bytes;
    this.#bytes += bytes;
    return at;
  }

  /** Puts bytes behind what is there, without a copy of them. */
  append(piece: Uint8Array): void {
    this.#close();
    this.#pieces.push(piece);
    this.#bytes += piece.byteLength;
  }

  /** Everything since the last time, in order. */
  take(): readonly Uint8Array[] {
    this.#close();
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#bytes = 0;
    return pieces;
  }

  #close(): void {
    if (this.#end > this.#start) this.#pieces.push(this.buffer.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }

  #turn(bytes: number): void {
    this.#close();
    this.buffer = Buffer.allocUnsafeSlow(Math.max(bytes, BUFFER_BYTES));
    this.#start = 0;
    this.#end = 0;
  }
}
