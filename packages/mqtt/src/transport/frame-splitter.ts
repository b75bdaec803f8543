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

/** Where a whole packet lies. */
export interface FrameRange {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** The size that the packet had when it was cut to the bound; undefined: it is whole. */
  readonly cutFromBytes: number | undefined;
}

/** Upper nibble of a packet's first byte. */
export function packetType({ bytes, start }: Pick<FrameRange, "bytes" | "start">): number {
  return (bytes[start] ?? 0) >> 4;
}

const EMPTY: Buffer = Buffer.alloc(0);
const PUBLISH = 3;
/** What is kept of a PUBLISH over the bound: room for the longest topic, and for what a dead letter keeps of a payload. */
const KEPT_BYTES = 256 * 1024;

export class FrameSplitter {
  readonly #maxFrameBytes: number;
  /** The chunk being read, and where in it. */
  #bytes: Buffer = EMPTY;
  #at = 0;
  #later: Buffer[] = [];
  /** Bytes that came and were not given out, in all chunks. */
  #waitingBytes = 0;
  /** Length of the frame being collected, header included; 0 while its header is incomplete. */
  #wantedBytes = 0;
  /** A PUBLISH over the bound, its beginning already collected; the rest is skipped. */
  #cut: { readonly frame: Buffer; readonly wholeBytes: number } | undefined;
  #skipBytes = 0;

  constructor(options: { readonly maxFrameBytes: number }) {
    this.#maxFrameBytes = options.maxFrameBytes;
  }

  /** Adds bytes. Take the complete packets out with `next`. */
  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    if (this.#at === this.#bytes.length) {
      this.#bytes = chunk;
      this.#at = 0;
    } else {
      this.#later.push(chunk);
    }
    this.#waitingBytes += chunk.length;
  }

  /**
   * The next complete packet, or undefined until more bytes come.
   *
   * @throws {FrameError} when the length is malformed, or over the bound in any packet but a PUBLISH.
   */
  next(): FrameRange | undefined {
    if (this.#cut !== undefined) return this.#finishCut(this.#cut);
    if (this.#wantedBytes === 0) this.#wantedBytes = this.#readLength();
    if (this.#wantedBytes === 0 || this.#waitingBytes < this.#wantedBytes) return undefined;
    if (this.#bytes.length - this.#at < this.#wantedBytes) this.#join();
    const frame = { bytes: this.#bytes, start: this.#at, end: this.#at + this.#wantedBytes, cutFromBytes: undefined };
    this.#advance(this.#wantedBytes);
    this.#wantedBytes = 0;
    if (this.#skipBytes === 0) return frame;
    const beginning = frame.bytes.subarray(frame.start, frame.end);
    this.#cut = { frame: shorten(beginning), wholeBytes: beginning.length + this.#skipBytes };
    return this.#finishCut(this.#cut);
  }

  /** Skips the rest of a packet over the bound; gives its beginning when all of it has passed. */
  #finishCut({ frame, wholeBytes }: { readonly frame: Buffer; readonly wholeBytes: number }): FrameRange | undefined {
    while (this.#skipBytes > 0 && this.#waitingBytes > 0) {
      const skipped = Math.min(this.#skipBytes, this.#bytes.length - this.#at);
      this.#skipBytes -= skipped;
      this.#advance(skipped);
    }
    if (this.#skipBytes > 0) return undefined;
    this.#cut = undefined;
    return { bytes: frame, start: 0, end: frame.length, cutFromBytes: wholeBytes };
  }

  #readLength(): number {
    if (this.#waitingBytes < 2) return 0;
    if (this.#later.length > 0 && this.#bytes.length - this.#at < 5) this.#join();
    const bytes = this.#bytes;
    let remaining = 0;
    for (let index = 1; index < 5; index += 1) {
      const byte = bytes[this.#at + index];
      if (byte === undefined) return 0;
      remaining |= (byte & 0x7f) << (7 * (index - 1)); // 28 bits at most
      if ((byte & 0x80) === 0) return this.#checked(index + 1 + remaining);
    }
    throw new FrameError("The peer sent a packet length of more than four bytes; this is not MQTT.");
  }

  #checked(frameBytes: number): number {
    if (frameBytes <= this.#maxFrameBytes) return frameBytes;
    if (packetType({ bytes: this.#bytes, start: this.#at }) === PUBLISH) {
      const keptBytes = Math.min(KEPT_BYTES, this.#maxFrameBytes);
      this.#skipBytes = frameBytes - keptBytes;
      return keptBytes;
    }
    throw new FrameError(`The peer sent a packet of ${frameBytes} bytes; at most ${this.#maxFrameBytes} are accepted.`);
  }

  /** Goes on within the chunk being read, and to the next one at its end. */
  #advance(bytes: number): void {
    this.#at += bytes;
    this.#waitingBytes -= bytes;
    if (this.#at < this.#bytes.length) return;
    this.#bytes = this.#later.shift() ?? EMPTY;
    this.#at = 0;
  }

  #join(): void {
    this.#bytes = Buffer.concat([this.#bytes.subarray(this.#at), ...this.#later]);
    this.#at = 0;
    this.#later = [];
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
