import type { StandardSchemaV1 } from "@standard-schema/spec";

/**
 * Bytes with a header of 32, the same on both protocol versions (user properties do not survive every bridge).
 *
 *   0  "TB"        4  sequence, u32     16  stream id, u64
 *   2  version u8  8  epoch s, f64      24  position, u64
 *   3  flags u8                         32  bytes …            all little-endian
 */
export interface BinaryFrame {
  /** Counts frames of one stream, modulo 2^32. */
  readonly sequence: number;
  /** Unix seconds; when absent, the time of publishing. */
  readonly ts?: number;
  /** 16 lower-case hex characters; for sound the `capture_id`. */
  readonly stream_id: string;
  /** Whole, at most 2^53 − 1; for sound the index of the first sample. */
  readonly position: number;
  /** One byte whose meaning is the contract's. Default 0. */
  readonly flags?: number;
  readonly bytes: Uint8Array;
}

/** A frame that came over the wire has all of its members. */
export type ReceivedFrame = Required<BinaryFrame>;

/** A frame, or why the payload is none. */
export type FrameReading =
  | { readonly ok: true; readonly frame: ReceivedFrame }
  | { readonly ok: false; readonly reason: string };

/** Bytes before the content. */
export const FRAME_HEADER_BYTES = 32;

const MAGIC = 0x4254; // "TB", little-endian
const VERSION = 1;
const MAX_SEQUENCE = 0xffff_ffff;
const STREAM_ID = /^[0-9a-f]{16}$/;

/** Header and content in one array. The frame must be one that `isBinaryFrame` accepts. */
export function encodeFrame(frame: BinaryFrame, publishedAtSec: number): Uint8Array {
  const payload = new Uint8Array(FRAME_HEADER_BYTES + frame.bytes.length);
  const view = new DataView(payload.buffer);
  view.setUint16(0, MAGIC, true);
  view.setUint8(2, VERSION);
  view.setUint8(3, frame.flags ?? 0);
  view.setUint32(4, frame.sequence, true);
  view.setFloat64(8, frame.ts ?? publishedAtSec, true);
  view.setBigUint64(16, BigInt(`0x${frame.stream_id}`), true);
  view.setBigUint64(24, BigInt(frame.position), true);
  payload.set(frame.bytes, FRAME_HEADER_BYTES);
  return payload;
}

/** Reads a frame. Its bytes are a view of the payload, not a copy. */
export function decodeFrame(payload: Uint8Array): FrameReading {
  if (payload.length < FRAME_HEADER_BYTES) return { ok: false, reason: "is shorter than the header of a binary frame" };
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  if (view.getUint16(0, true) !== MAGIC)
    return { ok: false, reason: "does not begin with the header of a binary frame" };
  const version = view.getUint8(2);
  if (version !== VERSION)
    return { ok: false, reason: `is a binary frame of version ${version}; this reads ${VERSION}` };
  const ts = view.getFloat64(8, true);
  const position = Number(view.getBigUint64(24, true));
  if (!Number.isFinite(ts)) return { ok: false, reason: "has a time that is not a number" };
  if (!Number.isSafeInteger(position)) return { ok: false, reason: "has a position beyond 2^53" };
  const frame: ReceivedFrame = {
    sequence: view.getUint32(4, true),
    ts,
    stream_id: view.getBigUint64(16, true).toString(16).padStart(16, "0"),
    position,
    flags: view.getUint8(3),
    // Not payload.subarray: of a Buffer that is a Buffer, whose slice() shares its bytes where everybody expects a copy.
    bytes: new Uint8Array(payload.buffer, payload.byteOffset + FRAME_HEADER_BYTES, payload.length - FRAME_HEADER_BYTES),
  };
  return { ok: true, frame };
}

/** Whether a value can be encoded as a frame. */
export function isBinaryFrame(value: unknown): value is BinaryFrame {
  return typeof value === "object" && value !== null && faultsOf(value).length === 0;
}

/** The plain contract of a binary topic: any frame. A topic that wants more of it brings a schema of its own. */
export const binaryFrame: StandardSchemaV1<BinaryFrame, ReceivedFrame> = {
  "~standard": {
    version: 1,
    vendor: "ts-tars",
    validate: (value) => {
      const faults = typeof value === "object" && value !== null ? faultsOf(value) : [{ message: "must be a frame" }];
      return faults.length > 0 ? { issues: faults } : { value: value as ReceivedFrame }; // absent members are filled in on the wire
    },
  },
};

interface Rule {
  readonly accepts: (value: unknown) => boolean;
  readonly message: string;
}

const RULES: Readonly<Record<keyof BinaryFrame, Rule>> = {
  sequence: { accepts: (value) => isWhole(value, MAX_SEQUENCE), message: "must be a whole number below 2^32" },
  ts: {
    accepts: (value) => value === undefined || Number.isFinite(value),
    message: "must be a number of Unix seconds",
  },
  stream_id: {
    accepts: (value) => typeof value === "string" && STREAM_ID.test(value),
    message: "must be 16 lower-case hex characters",
  },
  position: {
    accepts: (value) => isWhole(value, Number.MAX_SAFE_INTEGER),
    message: "must be a whole number below 2^53",
  },
  flags: { accepts: (value) => value === undefined || isWhole(value, 0xff), message: "must be one byte" },
  bytes: { accepts: (value) => value instanceof Uint8Array, message: "must be a Uint8Array" },
};

const MEMBERS = Object.keys(RULES) as (keyof BinaryFrame)[]; // the keys of the record just above

function faultsOf(frame: Partial<Record<keyof BinaryFrame, unknown>>): readonly StandardSchemaV1.Issue[] {
  return MEMBERS.filter((name) => !RULES[name].accepts(frame[name])).map((name) => ({
    path: [name],
    message: RULES[name].message,
  }));
}

function isWhole(value: unknown, max: number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= max;
}
