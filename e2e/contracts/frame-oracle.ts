/** What a frame of sound is, said a second time and by hand. Pure. */

const HEADER_BYTES = 32;
const SOUND_BYTES_MAX = 2 * 1_024;

/** The members of a frame, or why the bytes are none. */
export type FrameExpectation =
  | { readonly kind: "frame"; readonly frame: Readonly<Record<string, unknown>> }
  | { readonly kind: "none"; readonly why: string };

export function expectFrame(payload: Buffer): FrameExpectation {
  const none = (why: string): FrameExpectation => ({ kind: "none", why });
  if (payload.length < HEADER_BYTES) return none("is shorter than a header");
  if (payload.toString("latin1", 0, 2) !== "TB" || payload[2] !== 1) return none("is not of this version");
  const ts = payload.readDoubleLE(8);
  if (!Number.isFinite(ts)) return none("has no time");
  const position = payload.readBigUInt64LE(24);
  if (position >= 2n ** 53n) return none("has a position beyond 2^53");
  const bytes = payload.subarray(HEADER_BYTES);
  if (bytes.length % 2 === 1) return none("ends within a sample");
  if (bytes.length > SOUND_BYTES_MAX) return none("is longer than 64 ms");
  const frame = {
    sequence: payload.readUInt32LE(4),
    ts,
    stream_id: Buffer.from(payload.subarray(16, 24)).reverse().toString("hex"),
    position: Number(position),
    flags: payload[3],
    bytes: new Uint8Array(bytes),
  };
  return { kind: "frame", frame };
}
