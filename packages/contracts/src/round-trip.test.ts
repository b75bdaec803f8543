import { decodeMessage, encodeMessage, FRAME_HEADER_BYTES } from "@ts-tars/mqtt/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AUDIO_FRAME_SAMPLES_MAX, CATALOGUE, type SoundFrame } from "./index.ts";
import { arbitraryOf, withStrangers } from "./schema-arbitrary.fixture.ts";

const META = { id: "0".repeat(32), ts: 1_731_000_000.5, source: "test" };

const TOPICS = CATALOGUE.map((topic) => [topic.name, topic] as const);
const JSON_TOPICS = TOPICS.filter(([, { wire }]) => wire !== "binary");
const BINARY_TOPICS = TOPICS.filter(([, { wire }]) => wire === "binary");

describe.each(JSON_TOPICS)("any message of %s", (_name, topic) => {
  const schema = z.instanceof(z.ZodType).parse(topic.payload);
  const messages = arbitraryOf(schema);

  it("comes back from the wire as its contract accepted it", () => {
    fc.assert(
      fc.property(messages, (data) => {
        const decoded = decodeMessage(topic, encodeMessage(topic, data, META));

        expect(decoded).toMatchObject({ ok: true, strippedKeys: 0, typeDiffers: false });
        expect(decoded.ok && decoded.data).toEqual(schema.parse(data));
      }),
      { numRuns: 50 },
    );
  });

  it("is the same after it was accepted twice", () => {
    fc.assert(
      fc.property(messages, (data) => {
        const once: unknown = schema.parse(data);
        expect(schema.parse(once)).toEqual(once);
      }),
      { numRuns: 50 },
    );
  });

  it("is read without the members its contract does not know, and is not sent with them", () => {
    fc.assert(
      fc.property(messages, (data) => {
        const strange = withStrangers(schema, data);
        const envelope = { ...META, type: topic.type, data: strange };
        const decoded = decodeMessage(topic, new TextEncoder().encode(JSON.stringify(envelope)));

        expect(decoded.ok && decoded.strippedKeys).toBeGreaterThan(0);
        expect(JSON.stringify(decoded.ok && schema.parse(decoded.data))).toBe(
          JSON.stringify(decoded.ok && decoded.data),
        );
        expect(() => encodeMessage(topic, strange, META)).toThrow(/x_stranger: is not a member of this message/);
      }),
      { numRuns: 50 },
    );
  });
});

/** Whole samples, of every length that a contract allows. */
const samples = fc
  .uint8Array({ maxLength: 2 * AUDIO_FRAME_SAMPLES_MAX, size: "max" })
  .map((bytes) => bytes.subarray(bytes.length % 2));

const frames: fc.Arbitrary<SoundFrame> = fc.record(
  {
    sequence: fc.nat({ max: 0xffff_ffff }),
    ts: fc.double({ noNaN: true, noDefaultInfinity: true }),
    stream_id: fc.stringMatching(/^[0-9a-f]{16}$/),
    position: fc.maxSafeNat(),
    flags: fc.nat({ max: 0xff }),
    bytes: samples,
  },
  { requiredKeys: ["sequence", "stream_id", "position", "bytes"] },
);

describe.each(BINARY_TOPICS)("any frame of %s", (_name, topic) => {
  const read = (payload: Uint8Array) => decodeMessage(topic, payload);

  it("comes back from the wire as it was, with the time of publishing and no flags when it had none", () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const decoded = read(encodeMessage(topic, frame, META));

        expect(decoded).toMatchObject({ ok: true, strippedKeys: 0, typeDiffers: false });
        expect(decoded.ok && decoded.data).toEqual({ ts: META.ts, flags: 0, ...frame });
      }),
      { numRuns: 200 },
    );
  });

  it("is refused with half a sample more, and as often with less than its header", () => {
    fc.assert(
      fc.property(frames, fc.nat({ max: FRAME_HEADER_BYTES - 1 }), (frame, headerBytes) => {
        const payload = encodeMessage(topic, frame, META);

        expect(read(Uint8Array.of(...payload, 0))).toMatchObject({ reason: "contract", problems: [{ path: "bytes" }] });
        expect(read(payload.subarray(0, headerBytes))).toMatchObject({ ok: false, reason: "undecodable" });
      }),
      { numRuns: 50 },
    );
  });

  it("is the only thing that is read: other bytes are refused, and never throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (payload) => {
        fc.pre(payload[0] !== 0x54 || payload[1] !== 0x42);
        expect(read(payload)).toMatchObject({ ok: false, reason: "undecodable" });
      }),
    );
  });
});
