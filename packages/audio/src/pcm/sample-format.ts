/** How samples stand in bytes, and how they become 16 bits. Pure. */

/** One sample, little-endian; 8 bits are unsigned, floats have ±1 as full scale. */
export type SampleFormat = "u8" | "s16" | "s24" | "s32" | "f32" | "f64";

const BYTES: Readonly<Record<SampleFormat, number>> = { u8: 1, s16: 2, s24: 3, s32: 4, f32: 4, f64: 8 };

/** How many bytes one sample takes. */
export function bytesOfSample(format: SampleFormat): number {
  return BYTES[format];
}

type ReadSample = (view: DataView, at: number) => number;

/** Each as a number in which 32 768 is full scale, not yet rounded. */
const READERS: Readonly<Record<SampleFormat, ReadSample>> = {
  u8: (view, at) => (view.getUint8(at) - 128) * 256,
  s16: (view, at) => view.getInt16(at, true),
  s24: (view, at) => view.getInt16(at + 1, true) + view.getUint8(at) / 256,
  s32: (view, at) => view.getInt32(at, true) / 65_536,
  f32: (view, at) => view.getFloat32(at, true) * 32_768,
  f64: (view, at) => view.getFloat64(at, true) * 32_768,
};

/** The nearest 16-bit value; beyond full scale it is clipped, and what is no number is silent. */
export function toInt16(value: number): number {
  return Number.isNaN(value) ? 0 : Math.max(-32_768, Math.min(32_767, Math.round(value)));
}

/** Whole samples of all channels as mono: the mean of the channels. Bytes behind the last whole sample are left out. */
export function monoOf(
  bytes: Uint8Array,
  { format, channelCount }: { readonly format: SampleFormat; readonly channelCount: number },
): Int16Array {
  const read = READERS[format];
  const size = BYTES[format];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pcm = new Int16Array(Math.floor(bytes.length / (size * channelCount)));
  let at = 0;
  for (let index = 0; index < pcm.length; index += 1) {
    let sum = 0;
    for (let channel = 0; channel < channelCount; channel += 1, at += size) sum += read(view, at);
    pcm[index] = toInt16(sum / channelCount);
  }
  return pcm;
}
