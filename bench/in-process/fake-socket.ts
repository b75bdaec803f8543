import type { OnReadOpts } from "node:net";
import { Duplex } from "node:stream";

/** What a system's send buffer takes in one turn of the event loop; over it a write ends in a later one. */
const SEND_BUFFER_BYTES = 256 * 1024;

/** The other side of a fake socket. */
export interface FakePeer {
  /** What the client wrote, in the pieces in which it wrote it. */
  onBytes(bytes: Uint8Array): void;
  /** The client takes bytes again. */
  onReadable(): void;
}

/** How a socket was asked for; the rest of `net.connect`'s options says where to, and there is nowhere. */
export interface FakeSocketOptions {
  readonly onread?: OnReadOpts;
  readonly highWaterMark?: number;
  readonly readableHighWaterMark?: number;
  readonly writableHighWaterMark?: number;
}

/**
 * A `net.Socket` without a network: what a client calls on one is here, and nothing costs what a system call would. Bytes for the
 * client come as a new buffer each time, or by `onread`, as from a socket.
 */
export class FakeSocket extends Duplex {
  readonly #peer: FakePeer;
  readonly #onread: OnReadOpts | undefined;
  #sentThisTurn = 0;
  #isTurnWatched = false;
  #afterTurn: (() => void)[] = [];
  #isFull = false;

  constructor(options: FakeSocketOptions, openPeer: (socket: FakeSocket) => FakePeer) {
    const { highWaterMark, readableHighWaterMark, writableHighWaterMark } = options;
    super({
      ...(highWaterMark !== undefined && { highWaterMark }),
      ...(readableHighWaterMark !== undefined && { readableHighWaterMark }),
      ...(writableHighWaterMark !== undefined && { writableHighWaterMark }),
      allowHalfOpen: false,
      decodeStrings: true,
    });
    this.#onread = options.onread;
    this.#peer = openPeer(this);
    setImmediate(() => {
      this.emit("connect");
      this.emit("ready");
    });
  }

  /** Hands bytes to the client; false when it wants no more for now (`onReadable` follows). */
  deliver(bytes: Buffer): boolean {
    if (this.destroyed) return false;
    this.#isFull = this.#onread === undefined ? !this.push(bytes) : !deliverInto(this.#onread, bytes);
    return !this.#isFull;
  }

  /** The other side ends the connection. */
  hangUp(): void {
    this.push(null);
    // As `net` does it: whoever takes bytes by `onread` reads nothing, and would not notice.
    this.read(0);
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    if (!this.#isFull) return;
    this.#isFull = false;
    this.#peer.onReadable();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#peer.onBytes(chunk);
    this.#taken(chunk.length, done);
  }

  override _writev(chunks: { readonly chunk: Buffer }[], done: () => void): void {
    let bytes = 0;
    for (const { chunk } of chunks) {
      this.#peer.onBytes(chunk);
      bytes += chunk.length;
    }
    this.#taken(bytes, done);
  }

  override _final(done: () => void): void {
    this.hangUp();
    done();
  }

  /** A write that fits ends at once, as `net` has it; one that does not, after the turn. */
  #taken(bytes: number, done: () => void): void {
    this.#sentThisTurn += bytes;
    if (!this.#isTurnWatched) {
      this.#isTurnWatched = true;
      setImmediate(() => this.#turned());
    }
    if (this.#sentThisTurn <= SEND_BUFFER_BYTES) done();
    else this.#afterTurn.push(done);
  }

  #turned(): void {
    this.#isTurnWatched = false;
    this.#sentThisTurn = 0;
    for (const done of this.#afterTurn.splice(0)) done();
  }
}

/** In pieces of the given buffer, as the system would. */
function deliverInto({ buffer, callback }: OnReadOpts, bytes: Buffer): boolean {
  let wantsMore = true;
  for (let at = 0; at < bytes.length; ) {
    const target = typeof buffer === "function" ? buffer() : buffer;
    const count = bytes.copy(target, 0, at);
    wantsMore = callback(count, target) !== false;
    at += count;
  }
  return wantsMore;
}
