import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, SampleReader, samplesOf } from "./sample-bytes.ts";

test("samples become little-endian bytes and back", () => {
  const pcm = Int16Array.of(1, -2, 32_767, -32_768);

  expect([...bytesOf(pcm)]).toEqual([1, 0, 0xfe, 0xff, 0xff, 0x7f, 0, 0x80]);
  expect(samplesOf(bytesOf(pcm))).toEqual(pcm);
});

test("bytes may lie at an odd address, and end in the middle of a sample", () => {
  const buffer = Buffer.from([9, 1, 0, 2, 0, 7]);

  expect(samplesOf(buffer.subarray(1))).toEqual(Int16Array.of(1, 2));
});

test("both directions copy, so that neither side changes the other's", () => {
  const bytes = Buffer.from([1, 0]);
  const pcm = samplesOf(bytes);
  const again = bytesOf(pcm);
  bytes[0] = 5;
  pcm[0] = 6;

  expect([samplesOf(bytes)[0], pcm[0], again[0]]).toEqual([5, 6, 1]);
});

test("a sample that is cut in two is put together again", () => {
  const reader = new SampleReader();

  expect([Uint8Array.of(1, 2, 3), Uint8Array.of(4)].map((piece) => [...reader.push(piece)])).toEqual([
    [0x0201],
    [0x0403],
  ]);
});

test("pieces cut anywhere give the same samples as the whole", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(9)), (bytes, lengths) => {
      const reader = new SampleReader();
      const read: number[] = [];
      let at = 0;
      for (const length of [...lengths, bytes.length]) {
        read.push(...reader.push(bytes.subarray(at, at + length)));
        at = Math.min(bytes.length, at + length);
      }
      expect(Int16Array.from(read)).toEqual(samplesOf(bytes));
    }),
  );
});
