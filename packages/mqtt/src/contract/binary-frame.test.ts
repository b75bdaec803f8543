import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binaryFrame, decodeFrame, encodeFrame, FRAME_HEADER_BYTES } from "./binary-frame.ts";
import { decodeMessage } from "./decode.ts";
import { defineTopic } from "./define-topic.ts";
import { encodeMessage } from "./encode.ts";

const topic = defineTopic({ name: "audio", type: "audio", delivery: "stream", wire: "binary", payload: binaryFrame });
const META = { id: "1".repeat(32), ts: 1_700_000_000.5, source: "desk" };

const frame = {
  sequence: 0xdeadbeef,
  ts: 1.5,
  stream_id: "fedcba9876543210",
  position: 2 ** 40 + 1,
  flags: 7,
  bytes: new Uint8Array([1, 2, 3]),
};

const hex = fc.constantFrom(..."0123456789abcdef");
const frames = fc.record({
  sequence: fc.nat({ max: 0xffff_ffff }),
  ts: fc.double({ noNaN: true, noDefaultInfinity: true }),
  stream_id: fc.string({ unit: hex, minLength: 16, maxLength: 16 }),
  position: fc.maxSafeNat(),
  flags: fc.nat({ max: 255 }),
  bytes: fc.uint8Array(),
});

describe("the binary frame", () => {
  it("has 32 bytes of header, little-endian, as documented", () => {
    expect(Buffer.from(encodeFrame(frame, 0)).toString("hex")).toBe(
      ["5442", "01", "07", "efbeadde", "000000000000f83f", "1032547698badcfe", "0100000000010000", "010203"].join(""),
    );
  });

  it("comes back as it was sent, whatever is in it", () => {
    fc.assert(
      fc.property(frames, (sent) => {
        expect(decodeMessage(topic, encodeMessage(topic, sent, META))).toMatchObject({ ok: true, data: sent });
      }),
    );
  });

  it("takes the time of publishing and no flags when it has none", () => {
    const { ts: _ts, flags: _flags, ...short } = frame;

    expect(decodeMessage(topic, encodeMessage(topic, short, META))).toMatchObject({ data: { ts: META.ts, flags: 0 } });
  });

  it("reads from the middle of a larger buffer without copying", () => {
    const page = new Uint8Array(200);
    page.set(encodeFrame(frame, 0), 77);
    const reading = decodeFrame(page.subarray(77, 77 + FRAME_HEADER_BYTES + 3));

    expect(reading).toMatchObject({ ok: true, frame });
    expect(reading.ok && reading.frame.bytes.buffer).toBe(page.buffer);
  });

  it("has bytes that slice() copies, also when they came in one of Node's buffers", () => {
    const page = Buffer.concat([Buffer.from("x"), encodeFrame(frame, 0)]);
    const reading = decodeFrame(page.subarray(1));

    expect(reading.ok && reading.frame.bytes.slice().buffer.byteLength).toBe(3);
  });

  it.each([
    ["shorter than its header", (payload: Uint8Array) => payload.subarray(0, 31)],
    ["empty", () => new Uint8Array()],
    ["without the magic", (payload: Uint8Array) => payload.with(0, 0x55)],
    ["of another version", (payload: Uint8Array) => payload.with(2, 2)],
    ["with a time that is no number", (payload: Uint8Array) => payload.with(14, 0xf8).with(15, 0x7f)],
    ["with a position beyond 2^53", (payload: Uint8Array) => payload.with(31, 0xff)],
    ["JSON", () => new TextEncoder().encode(JSON.stringify({ ...META, type: "audio", data: {} }))],
  ])("is refused when it is %s", (_what, damage) => {
    expect(decodeMessage(topic, damage(encodeFrame(frame, 0)))).toMatchObject({ ok: false, reason: "undecodable" });
  });

  it("never throws, whatever the bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (payload) => void decodeFrame(payload)));
  });
});
