import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeChunk, encodeHead, FanoutReader } from "./fanout-protocol.ts";

const HEAD = { captureId: "0123456789abcdef", sample: 4_800 };
const text = (line: string): Uint8Array => new TextEncoder().encode(line);

test("the wire is a line of JSON and chunks with number and length, little-endian", () => {
  expect(new TextDecoder().decode(encodeHead(HEAD))).toBe(
    '{"capture_id":"0123456789abcdef","rate":16000,"sample":4800}\n',
  );
  expect([...encodeChunk({ sample: 0x1_0000_0002, pcm: Int16Array.of(1, -2) })]).toEqual([
    ...[2, 0, 0, 0, 1, 0, 0, 0],
    ...[4, 0, 0, 0],
    ...[1, 0, 0xfe, 0xff],
  ]);
});

test("whatever is written is read, cut into pieces of any length", () => {
  const chunk = fc.record({
    sample: fc.nat(2 ** 40),
    pcm: fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 40 }).map((list) => Int16Array.from(list)),
  });
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 8 }), fc.array(fc.nat(60), { maxLength: 30 }), (chunks, lengths) => {
      const wire = Buffer.concat([encodeHead(HEAD), ...chunks.map(encodeChunk)]);
      const reader = new FanoutReader();
      const read = [
        ...lengths.map((length, index) => [lengths.slice(0, index).reduce((a, b) => a + b, 0), length] as const),
      ].flatMap(([at, length]) => reader.push(wire.subarray(at, at + length)));
      const at = lengths.reduce((a, b) => a + b, 0);
      read.push(...reader.push(wire.subarray(Math.min(at, wire.length))));
      expect(reader.head).toEqual(HEAD);
      expect(read).toEqual(chunks);
    }),
  );
});

describe("who does not speak v2 is told from who does", () => {
  test.for<[string, Uint8Array, string]>([
    ["a page of the web", text("HTTP/1.1 400 Bad Request\r\n\r\n"), "no JSON"],
    ["another rate", text('{"capture_id":"0123456789abcdef","rate":48000,"sample":0}\n'), "48000 Hz"],
    ["no capture", text('{"rate":16000,"sample":0}\n'), "names no capture"],
    ["no number", text('{"capture_id":"0123456789abcdef","rate":16000,"sample":-1}\n'), "no sample number"],
    ["null", text("null\n"), "names no capture"],
    ["raw samples", new Uint8Array(2_000), "does not begin with a line"],
    [
      "half a sample",
      Buffer.concat([encodeHead(HEAD), Buffer.from("0000000000000000" + "03000000", "hex")]),
      "3 bytes",
    ],
    [
      "a huge chunk",
      Buffer.concat([encodeHead(HEAD), Buffer.from("0000000000000000" + "ffffff7f", "hex")]),
      "bytes at sample 0",
    ],
  ])("%s", ([, wire, reason]) => {
    expect(() => new FanoutReader().push(wire)).toThrow(reason);
  });

  test("random bytes never give a chunk that is none", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (tail) => {
        const reader = new FanoutReader();
        try {
          for (const { sample, pcm } of reader.push(Buffer.concat([encodeHead(HEAD), tail]))) {
            expect(Number.isSafeInteger(sample) && pcm.length <= 200).toBe(true);
          }
        } catch (error) {
          expect(String(error)).toContain("no chunk of sound");
        }
      }),
    );
  });
});
