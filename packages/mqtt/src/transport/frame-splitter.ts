/**
 * Cuts a byte stream into MQTT control packets. Pure.
 *
 * A PUBLISH over the bound comes out as a shorter one with the beginning of its payload, and the rest is skipped: a broker
 * that cannot be told the bound (MQTT 3.1.1) would send it again after every reset. Anything else over it is refused.
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
const PUBLISH = 3;
/** What is kept of a PUBLISH over the bound: room for the longest topic, and for what a dead letter keeps of a payload. */
const KEPT_BYTES = 256 * 1024;

export class FrameSplitter {
  readonly #maxFrameBytes: number;
  #chunks: Buffer[] = [];
  #bufferedBytes = 0;
  /** Length of the frame being collected, header included; 0 while its header is incomplete. */
  #wantedBytes = 0;
  /** A PUBLISH over the bound, its beginning already collected; the rest is skipped. */
  #cut: { readonly frame: Buffer; readonly wholeBytes: number } | undefined;
  #skipBytes = 0;
  #cutFromBytes: number | undefined;

  constructor(options: { readonly maxFrameBytes: number }) {
    this.#maxFrameBytes = options.maxFrameBytes;
  }

  /** Adds bytes. Take the complete packets out with `next`. */
  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.length;
  }

  /** Of the packet that `next` gave last: its real size when it was cut to the bound. */
  get cutFromBytes(): number | undefined {
    return this.#cutFromBytes;
  }

  /**
   * The next complete packet, or undefined until more bytes come.
   *
   * @throws {FrameError} when the length is malformed, or over the bound in any packet but a PUBLISH.
   */
  next(): Buffer | undefined {
    this.#cutFromBytes = undefined;
    if (this.#cut !== undefined) return this.#finishCut(this.#cut);
    if (this.#wantedBytes === 0) this.#wantedBytes = this.#readLength();
    if (this.#wantedBytes === 0 || this.#bufferedBytes < this.#wantedBytes) return undefined;
    const whole = this.#join();
    const frame = whole.subarray(0, this.#wantedBytes);
    const rest = whole.subarray(this.#wantedBytes);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#bufferedBytes = rest.length;
    this.#wantedBytes = 0;
    if (this.#skipBytes === 0) return frame;
    this.#cut = { frame: shorten(frame), wholeBytes: frame.length + this.#skipBytes };
    return this.#finishCut(this.#cut);
  }

  /** Skips the rest of a packet over the bound; gives its beginning when all of it has passed. */
  #finishCut({ frame, wholeBytes }: { readonly frame: Buffer; readonly wholeBytes: number }): Buffer | undefined {
    const skipped = Math.min(this.#skipBytes, this.#bufferedBytes);
    this.#skipBytes -= skipped;
    this.#bufferedBytes -= skipped;
    const rest = this.#join().subarray(skipped);
    this.#chunks = rest.length === 0 ? [] : [rest];
    if (this.#skipBytes > 0) return undefined;
    this.#cut = undefined;
    this.#cutFromBytes = wholeBytes;
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
      if ((byte & 0x80) === 0) return this.#checked(index + 1 + remaining, packetType(head));
    }
    throw new FrameError("The peer sent a packet length of more than four bytes; this is not MQTT.");
  }

  #checked(frameBytes: number, type: number): number {
    if (frameBytes <= this.#maxFrameBytes) return frameBytes;
    if (type === PUBLISH) {
      const keptBytes = Math.min(KEPT_BYTES, this.#maxFrameBytes);
      this.#skipBytes = frameBytes - keptBytes;
      return keptBytes;
    }
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

/** The beginning of a packet as a packet of its own, with a length that fits. */
function shorten(beginning: Buffer): Buffer {
  const headerBytes = beginning.findIndex((byte, index) => index > 0 && (byte & 0x80) === 0) + 1;
  const body = beginning.subarray(headerBytes);
  const length: number[] = [];
  for (let left = body.length; length.length === 0 || left > 0; left = Math.floor(left / 128)) {
    length.push((left % 128) | (left >= 128 ? 0x80 : 0));
  }
  return Buffer.concat([beginning.subarray(0, 1), Buffer.from(length), body]);
}
