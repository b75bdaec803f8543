/**
 * Cuts a byte stream into MQTT control packets. Pure.
 *
 * Source: MQTT 5.0, 2.1 (fixed header) and 1.5.5 (variable byte integer, at most four bytes).
 */

/** The stream cannot be MQTT, or a packet is larger than we are willing to hold. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/** Upper nibble of a packet's first byte. */
export function packetType(frame: Uint8Array): number {
  return (frame[0] ?? 0) >> 4;
}

const EMPTY: Buffer = Buffer.alloc(0);

export class FrameSplitter {
  readonly #maxFrameBytes: number;
  #chunks: Buffer[] = [];
  #bufferedBytes = 0;
  /** Length of the frame being collected, header included; 0 while its header is incomplete. */
  #wantedBytes = 0;

  constructor(options: { readonly maxFrameBytes: number }) {
    this.#maxFrameBytes = options.maxFrameBytes;
  }

  /** Adds bytes. Take the complete packets out with `next`. */
  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.length;
  }

  /**
   * The next complete packet, or undefined until more bytes come.
   *
   * @throws {FrameError} when the length is malformed or over the bound.
   */
  next(): Buffer | undefined {
    if (this.#wantedBytes === 0) this.#wantedBytes = this.#readLength();
    if (this.#wantedBytes === 0 || this.#bufferedBytes < this.#wantedBytes) return undefined;
    const whole = this.#join();
    const frame = whole.subarray(0, this.#wantedBytes);
    const rest = whole.subarray(this.#wantedBytes);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#bufferedBytes = rest.length;
    this.#wantedBytes = 0;
    return frame;
  }

  #readLength(): number {
    let head = this.#chunks[0] ?? EMPTY;
    if (head.length < 5 && this.#chunks.length > 1) head = this.#join();
    let remaining = 0;
    for (let index = 1; index < 5; index += 1) {
      const byte = head[index];
      if (byte === undefined) return 0;
      remaining += (byte & 0x7f) * 128 ** (index - 1);
      if ((byte & 0x80) === 0) return this.#checked(index + 1 + remaining);
    }
    throw new FrameError("The peer sent a packet length of more than four bytes; this is not MQTT.");
  }

  #checked(frameBytes: number): number {
    if (frameBytes <= this.#maxFrameBytes) return frameBytes;
    throw new FrameError(`The peer sent a packet of ${frameBytes} bytes; at most ${this.#maxFrameBytes} are accepted.`);
  }

  #join(): Buffer {
    const [only] = this.#chunks;
    if (only !== undefined && this.#chunks.length === 1) return only;
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    return whole;
  }
}
