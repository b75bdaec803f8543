/**
 * Fan-out v2: how the sound of a capture is told over a stream socket. Pure.
 *
 *   {"capture_id":"0123456789abcdef","rate":16000,"sample":4800}\n
 *   u64 number of the first sample · u32 bytes · PCM, 16 bits, mono            all little-endian, again and again
 *
 * The line comes once, when the capture is there; `sample` is the number of the first one that follows. A connection is one
 * capture: it is closed with it, and the next one is heard on a new connection.
 */
import { RATE_HZ } from "../frame.ts";
import { bytesOf, samplesOf } from "../pcm/sample-bytes.ts";

/** The first line of a connection. */
export interface FanoutHead {
  readonly captureId: string;
  readonly sample: number;
}

/** Some samples of the capture. */
export interface FanoutChunk {
  readonly sample: number;
  readonly pcm: Int16Array;
}

const CHUNK_HEAD_BYTES = 12;
/** Longer ones are no head of ours. */
const LINE_BYTES_MAX = 1_024;
/** 4 s: far more than anybody sends at a time. */
const CHUNK_BYTES_MAX = 131_072;
const NEWLINE = 0x0a;

/** The line that begins a connection. */
export function encodeHead({ captureId, sample }: FanoutHead): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ capture_id: captureId, rate: RATE_HZ, sample })}\n`);
}

/** One chunk, with its head. */
export function encodeChunk({ sample, pcm }: FanoutChunk): Uint8Array {
  const bytes = new Uint8Array(CHUNK_HEAD_BYTES + 2 * pcm.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(sample), true);
  view.setUint32(8, 2 * pcm.length, true);
  bytes.set(bytesOf(pcm), CHUNK_HEAD_BYTES);
  return bytes;
}

/** Reads one connection, in pieces of any length; what waits is at most one chunk. */
export class FanoutReader {
  #head: FanoutHead | undefined;
  #waiting: Uint8Array = new Uint8Array(0);

  /** Undefined until the first line has come. */
  get head(): FanoutHead | undefined {
    return this.#head;
  }

  /** The chunks that are complete with this piece. @throws {Error} when the other end does not speak v2; nothing may follow. */
  push(bytes: Uint8Array): readonly FanoutChunk[] {
    const all = new Uint8Array(this.#waiting.length + bytes.length);
    all.set(this.#waiting);
    all.set(bytes, this.#waiting.length);
    let at = this.#head === undefined ? this.#readHead(all) : 0;
    const chunks: FanoutChunk[] = [];
    while (this.#head !== undefined) {
      const found = readChunk(all, at);
      if (found === undefined) break;
      chunks.push(found.chunk);
      at = found.endAt;
    }
    this.#waiting = all.slice(at);
    return chunks;
  }

  #readHead(bytes: Uint8Array): number {
    const endAt = bytes.indexOf(NEWLINE);
    if (endAt < 0 && bytes.length <= LINE_BYTES_MAX) return 0;
    if (endAt < 0 || endAt > LINE_BYTES_MAX) throw new Error("it does not begin with a line of JSON");
    this.#head = parseHead(new TextDecoder().decode(bytes.subarray(0, endAt)));
    return endAt + 1;
  }
}

function parseHead(line: string): FanoutHead {
  const head = parseObject(line);
  const { capture_id: captureId, rate, sample } = head;
  if (typeof captureId !== "string" || !/^[0-9a-f]{16}$/.test(captureId))
    throw new Error("its first line names no capture");
  if (rate !== RATE_HZ) throw new Error(`its rate is ${String(rate)} Hz, not ${RATE_HZ}`);
  if (!isSampleNumber(sample)) throw new Error("its first line has no sample number");
  return { captureId, sample };
}

function parseObject(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch (cause) {
    throw new Error("its first line is no JSON", { cause });
  }
}

function isSampleNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function readChunk(bytes: Uint8Array, at: number): { readonly chunk: FanoutChunk; readonly endAt: number } | undefined {
  const startAt = at + CHUNK_HEAD_BYTES;
  if (bytes.length < startAt) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sample = Number(view.getBigUint64(at, true));
  const byteCount = view.getUint32(at + 8, true);
  if (!isSampleNumber(sample) || byteCount % 2 !== 0 || byteCount > CHUNK_BYTES_MAX) {
    throw new Error(`it announces ${byteCount} bytes at sample ${sample}, which is no chunk of sound`);
  }
  const endAt = startAt + byteCount;
  return bytes.length < endAt
    ? undefined
    : { chunk: { sample, pcm: samplesOf(bytes.subarray(startAt, endAt)) }, endAt };
}
