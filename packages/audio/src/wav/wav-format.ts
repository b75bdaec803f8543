/** The `fmt ` chunk: how the samples of a WAV file are to be read. Pure. */
import { WavError } from "../errors.ts";
import type { SampleFormat } from "../pcm/sample-format.ts";
import { CONVERT_IT } from "./convert-command.ts";

/** How the samples stand in the file. */
export interface WavFormat {
  readonly rateHz: number;
  readonly channelCount: number;
  readonly format: SampleFormat;
}

const PCM = 0x0001;
const FLOAT = 0x0003;
/** The true tag stands in the first bytes of its sub-format. */
const EXTENSIBLE = 0xfffe;

const CODECS: ReadonlyMap<number, string> = new Map([
  [0x0002, "Microsoft ADPCM"],
  [0x0006, "A-law"],
  [0x0007, "µ-law"],
  [0x0011, "IMA ADPCM"],
  [0x0031, "GSM 6.10"],
  [0x0050, "MPEG"],
  [0x0055, "MP3"],
  [0x00ff, "AAC"],
  [0x0161, "Windows Media Audio"],
  [0x0162, "Windows Media Audio"],
  [0x1610, "AAC"],
  [0x704f, "Opus"],
]);

/** By bytes per sample. */
const INTEGERS: readonly (SampleFormat | undefined)[] = [undefined, "u8", "s16", "s24", "s32"];
const CHANNELS_MAX = 8;
const SUBFORMAT_AT = 24;

/** Reads the chunk's content. @throws {WavError} when it is damaged, or of a kind that is not read. */
export function readWavFormat(chunk: Uint8Array): WavFormat {
  if (chunk.length < 16) {
    throw new WavError("The WAV file's description of its sound is cut off.", { remedy: "Get the file again." });
  }
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const outerTag = view.getUint16(0, true);
  const isExtended = outerTag === EXTENSIBLE && chunk.length >= SUBFORMAT_AT + 2;
  const tag = isExtended ? view.getUint16(SUBFORMAT_AT, true) : outerTag;
  const channelCount = view.getUint16(2, true);
  const bitCount = view.getUint16(14, true);
  if (tag !== PCM && tag !== FLOAT) {
    const codec = CODECS.get(tag) ?? `codec 0x${tag.toString(16).padStart(4, "0")}`;
    throw new WavError(`The sound in the WAV file is compressed (${codec}).`, { remedy: CONVERT_IT });
  }
  if (channelCount < 1 || channelCount > CHANNELS_MAX) {
    throw new WavError(`The WAV file has ${channelCount} channels; 1 to ${CHANNELS_MAX} are read.`, {
      remedy: CONVERT_IT,
    });
  }
  return { rateHz: view.getUint32(4, true), channelCount, format: sampleFormatOf(tag, bitCount) };
}

/** Fewer bits than their bytes hold stand at the upper end of them. */
function sampleFormatOf(tag: number, bitCount: number): SampleFormat {
  const float = bitCount === 32 ? "f32" : bitCount === 64 ? "f64" : undefined;
  const format = tag === FLOAT ? float : INTEGERS[Math.ceil(bitCount / 8)];
  if (format !== undefined) return format;
  const kind = tag === FLOAT ? "floats" : "whole numbers";
  throw new WavError(`The WAV file's samples are ${kind} of ${bitCount} bits, which are not read.`, {
    remedy: CONVERT_IT,
  });
}
