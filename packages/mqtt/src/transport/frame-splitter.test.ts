import fc from "fast-check";
import { generate } from "mqtt-packet";
import { expect, test } from "vitest";
import { FrameError, type FrameRange, FrameSplitter, packetType } from "./frame-splitter.ts";
import { readPublish } from "./read-packets.ts";

const MAX_BYTES = 1_000_000;
const publish = (bytes: number): Buffer =>
  generate({ cmd: "publish", topic: "a", payload: Buffer.alloc(bytes, 7), qos: 0, dup: false, retain: false });
const PINGRESP = Buffer.from([0xd0, 0]);

const bytesOf = ({ bytes, start, end }: FrameRange): Buffer => bytes.subarray(start, end);

/** Everything a splitter gives for these chunks. */
function split(chunks: readonly Buffer[], maxFrameBytes = MAX_BYTES): readonly Buffer[] {
  const splitter = new FrameSplitter({ maxFrameBytes });
  const frames: Buffer[] = [];
  for (const chunk of chunks) {
    splitter.push(chunk);
    for (let frame = splitter.next(); frame !== undefined; frame = splitter.next()) frames.push(bytesOf(frame));
  }
  return frames;
}

/** The bytes cut at these places. */
function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const borders = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
}

test("a packet of two bytes is whole", () => {
  expect(split([PINGRESP])).toEqual([PINGRESP]);
});

test("several packets in one chunk come out one by one", () => {
  const frames = [publish(3), PINGRESP, publish(200)];

  expect(split([Buffer.concat(frames)])).toEqual(frames);
});

test("nothing comes out before the last byte of a packet", () => {
  const splitter = new FrameSplitter({ maxFrameBytes: MAX_BYTES });
  const whole = publish(300);
  const early = [...whole.subarray(0, -1)].map((byte) => {
    splitter.push(Buffer.from([byte]));
    return splitter.next();
  });

  splitter.push(whole.subarray(-1));

  expect(early.every((frame) => frame === undefined)).toBe(true);
  expect(splitter.next()).toMatchObject({ bytes: whole, start: 0, end: whole.length });
});

test("packets at the borders of their length's encoding come out whole, however the stream is cut", () => {
  const payloadSizes = fc.constantFrom(0, 1, 124, 125, 16_379, 16_380, 20_000);
  const streams = fc.tuple(fc.array(payloadSizes, { maxLength: 8 }), fc.array(fc.nat(200_000), { maxLength: 40 }));
  fc.assert(
    fc.property(streams, ([sizes, places]) => {
      const frames = sizes.map(publish);

      expect(split(cut(Buffer.concat(frames), places))).toEqual(frames);
    }),
  );
});

test("a length of more than four bytes is refused, for this is no MQTT", () => {
  expect(() => split([Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])])).toThrow(FrameError);
});

test("a packet over the bound is refused as soon as its length is known, and one at the bound is not", () => {
  const whole = generate({ cmd: "suback", messageId: 1, granted: Array(100).fill(1) });

  expect(split([whole], whole.length)).toEqual([whole]);
  expect(() => split([whole.subarray(0, 2)], whole.length - 1)).toThrow(`a packet of ${whole.length} bytes`);
});

test("a message over the bound comes out as a shorter one when all of it has passed, and the next packet is whole", () => {
  const places = fc.array(fc.nat(3_000), { maxLength: 20 });
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 2_000 }), places, (payloadBytes, borders) => {
      const huge = publish(payloadBytes);
      const stream = Buffer.concat([PINGRESP, huge, PINGRESP]);
      const splitter = new FrameSplitter({ maxFrameBytes: 150 });
      const seen: FrameRange[] = [];
      for (const chunk of cut(stream, borders)) {
        splitter.push(chunk);
        for (let frame = splitter.next(); frame !== undefined; frame = splitter.next()) {
          seen.push(frame);
        }
      }

      expect(seen.map(({ cutFromBytes }) => cutFromBytes)).toEqual([undefined, huge.length, undefined]);
      const [, shortened] = seen;
      if (shortened === undefined) throw new Error("the message over the bound did not come out");
      const read = readPublish(shortened, "3.1.1");
      expect(read).toMatchObject({ topic: "a", qos: 0 });
      expect(new Set(read.payload)).toEqual(new Set([7]));
    }),
  );
});

test("random bytes are refused or waited for, and nothing else happens", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
      const stream = Buffer.from(bytes);
      try {
        const frames = split([stream], 500);

        expect(Buffer.concat(frames)).toEqual(stream.subarray(0, Buffer.concat(frames).length));
        expect(frames.every(({ length }) => length >= 2 && length <= 500)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(FrameError);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("the type of a packet is the upper half of its first byte", () => {
  expect([publish(1), PINGRESP].map((bytes) => packetType({ bytes, start: 0 }))).toEqual([3, 13]);
});
