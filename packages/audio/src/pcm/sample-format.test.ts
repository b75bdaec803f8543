import { expect, test } from "vitest";
import { monoOf, type SampleFormat, toInt16 } from "./sample-format.ts";

const bytesOfAll = (
  size: number,
  write: (view: DataView, at: number, value: number) => void,
  values: readonly number[],
) => {
  const view = new DataView(new ArrayBuffer(size * values.length));
  for (const [index, value] of values.entries()) write(view, index * size, value);
  return new Uint8Array(view.buffer);
};

test.for<[SampleFormat, Uint8Array]>([
  ["u8", Uint8Array.of(0, 128, 192)],
  ["s16", bytesOfAll(2, (view, at, value) => view.setInt16(at, value, true), [-32_768, 0, 16_384])],
  ["s24", Uint8Array.of(0, 0, 0x80, 0, 0, 0, 0, 0, 0x40)],
  ["s32", bytesOfAll(4, (view, at, value) => view.setInt32(at, value, true), [-(2 ** 31), 0, 2 ** 30])],
  ["f32", bytesOfAll(4, (view, at, value) => view.setFloat32(at, value, true), [-1, 0, 0.5])],
  ["f64", bytesOfAll(8, (view, at, value) => view.setFloat64(at, value, true), [-1, 0, 0.5])],
])("%s is scaled to 16 bits", ([format, bytes]) => {
  expect(monoOf(bytes, { format, channelCount: 1 })).toEqual(Int16Array.of(-32_768, 0, 16_384));
});

test("channels are mixed down to their mean, and an unfinished last frame is left out", () => {
  const bytes = bytesOfAll(2, (view, at, value) => view.setInt16(at, value, true), [100, 300, -32_768, -32_768, 5]);

  expect(monoOf(bytes, { format: "s16", channelCount: 2 })).toEqual(Int16Array.of(200, -32_768));
});

test("what is beyond full scale is clipped, and what is no number is silent", () => {
  expect([1e9, -1e9, Number.NaN, Number.POSITIVE_INFINITY, 0.6].map(toInt16)).toEqual([32_767, -32_768, 0, 32_767, 1]);
});
