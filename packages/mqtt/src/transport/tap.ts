import { Duplex } from "node:stream";
import type { Line } from "./dial.ts";
import { type FrameRange, FrameSplitter, packetType } from "./frame-splitter.ts";
import { Page } from "./page.ts";

/**
 * Stands between MQTT.js and the socket and takes the flow of messages out of both directions:
 *
 *   socket ──▶ split ──┬─ PUBLISH (QoS 0, 1), PUBACK ──▶ ours        MQTT.js ──▶ flush ours, then through ──▶ socket
 *                      └─ everything else ──▶ MQTT.js                 ours ───▶ one page a tick ────────────▶ socket
 *
 * 1. After CONNACK nothing is split further until `release`: the library must have seen it before we act on it.
 * 2. What MQTT.js writes goes out behind what we wrote before it.
 * 3. Ending and errors of either side end both.
 */

const CONNACK = 2;
const PUBLISH = 3;
const PUBACK = 4;

export interface TapEvents {
  /** A PUBLISH (QoS 0 or 1) or PUBACK packet; of a PUBLISH over the bound its beginning as a packet of its own. */
  onFrame(frame: FrameRange): void;
  onInbound(): void;
  onDrain(): void;
}

export class Tap extends Duplex {
  readonly #socket: Duplex;
  readonly #events: TapEvents;
  readonly #splitter: FrameSplitter;
  /** What is ours to write; say `flushSoon` after putting something on it. */
  readonly page = new Page();
  #held = false;
  #flushPlanned = false;

  constructor(
    { stream: socket, listen }: Line,
    options: { readonly events: TapEvents; readonly maxFrameBytes: number },
  ) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#events = options.events;
    this.#splitter = new FrameSplitter(options);
    listen((chunk) => this.#receive(chunk));
    socket.on("drain", () => this.#events.onDrain());
    socket.on("error", (error) => this.destroy(error));
    socket.on("end", () => this.push(null));
    socket.on("close", () => this.destroy());
  }

  /** Bytes that wait for the system to take them. */
  get waitingBytes(): number {
    return this.#socket.writableLength + this.page.bytes;
  }

  /** What is on the page leaves at the end of this tick. */
  flushSoon(): void {
    if (this.#flushPlanned) return;
    this.#flushPlanned = true;
    queueMicrotask(() => this.#flush());
  }

  /** MQTT.js has seen the CONNACK: goes on with what followed it. */
  release(): void {
    this.#held = false;
    this.#split();
  }

  #receive(chunk: Buffer): void {
    this.#events.onInbound();
    this.#splitter.push(chunk);
    this.#split();
  }

  #split(): void {
    try {
      while (!this.#held && !this.destroyed) {
        const frame = this.#splitter.next();
        if (frame === undefined) return;
        this.#route(frame);
      }
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #route(frame: FrameRange): void {
    const type = packetType(frame);
    if (type === PUBACK || (type === PUBLISH && !isQos2(frame))) {
      this.#events.onFrame(frame);
      return;
    }
    if (type === CONNACK) this.#held = true;
    this.push(frame.bytes.subarray(frame.start, frame.end));
  }

  #flush(): void {
    this.#flushPlanned = false;
    if (this.page.bytes === 0 || this.destroyed) return;
    const pageBytes = this.page.bytes;
    const isTaken = writeAll(this.#socket, this.page.take());
    // A page that the system took at once ends no jam that the stream knows of, but the sender has stopped for it.
    if (isTaken && pageBytes >= this.#socket.writableHighWaterMark) this.#events.onDrain();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#flush();
    this.#socket.write(chunk, done);
  }

  override _read(): void {
    // Pushed as it comes: what MQTT.js still gets is small and rare.
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#flush();
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.page.take();
    this.#socket.destroy();
    done(error);
  }
}

/** Several pieces go to the system in one call. */
function writeAll(socket: Duplex, pieces: readonly Uint8Array[]): boolean {
  if (pieces.length === 1) return socket.write(pieces[0]);
  let isTaken = true;
  socket.cork();
  for (const piece of pieces) isTaken = socket.write(piece);
  socket.uncork();
  return isTaken;
}

function isQos2({ bytes, start }: FrameRange): boolean {
  return ((bytes[start] ?? 0) & 0b0110) === 0b0100;
}
