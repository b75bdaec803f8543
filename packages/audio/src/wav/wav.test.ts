import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WavError } from "../errors.ts";
import { fitSine, sineOf } from "../pcm/sine.fixture.ts";
import { encodeWav } from "./encode-wav.ts";
import { parseWav } from "./parse-wav.ts";
import { type Chunk, fmt, riff } from "./riff.fixture.ts";

const PCM = sineOf({ frequencyHz: 440, rateHz: 16_000 }, { sampleCount: 1_600 });
const DATA: Chunk = { id: "data", content: encodeWav([PCM]).subarray(44) };
const MONO = fmt({ tag: 1, channelCount: 1, rateHz: 16_000, bitCount: 16 });

const refusal = (bytes: Uint8Array): WavError => {
  try {
    parseWav(bytes);
  } catch (error) {
    if (error instanceof WavError) return error;
    throw error;
  }
  throw new Error("It was read.");
};

describe("a WAV file that is read", () => {
  test("is what was written", () => {
    const samples = fc.array(fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 500 }), { maxLength: 5 });
    fc.assert(
      fc.property(samples, (chunks) => {
        fc.pre(chunks.flat().length > 0);
        const { pcm, ...facts } = parseWav(encodeWav(chunks.map((chunk) => Int16Array.from(chunk))));
        expect(pcm).toEqual(Int16Array.from(chunks.flat()));
        expect(facts).toEqual({
          rateHz: 16_000,
          channelCount: 1,
          format: "s16",
          durationMs: pcm.length / 16,
          sampleCount: pcm.length,
          isTruncated: false,
        });
      }),
    );
  });

  test("may have other chunks around its sound, odd ones padded", () => {
    const file = riff([
      { id: "LIST", content: Uint8Array.of(1, 2, 3) },
      MONO,
      { id: "fact", content: new Uint8Array(4) },
      DATA,
      { id: "id3 ", content: new Uint8Array(9) },
    ]);

    expect(parseWav(file)).toMatchObject({ pcm: PCM, isTruncated: false });
  });

  test.for([0xffff_ffff, 0x7fff_f000, 0x7fff_ffff, 0])(
    "may leave its length open (%i), as writers into a pipe do",
    (length) => {
      const file = riff([MONO, { ...DATA, announcedBytes: length }], { announcedBytes: length });

      expect(parseWav(file)).toMatchObject({ pcm: PCM, isTruncated: false });
    },
  );

  test("and ends too early gives what is there, and says so", () => {
    const file = riff([MONO, { ...DATA, announcedBytes: DATA.content.length + 100 }]);

    expect(parseWav(file)).toMatchObject({ pcm: PCM, isTruncated: true });
  });

  test.for([
    [8, 1],
    [16, 1],
    [24, 1],
    [32, 1],
    [32, 3],
    [64, 3],
  ] as const)("may hold samples of %i bits (format %i), also described at length", ([bitCount, tag]) => {
    const bytes = samplesIn(bitCount, tag);
    const description = { tag, channelCount: 1, rateHz: 16_000, bitCount } as const;

    const plain = parseWav(riff([fmt(description), { id: "data", content: bytes }]));
    const extensible = parseWav(riff([fmt({ ...description, isExtensible: true }), { id: "data", content: bytes }]));

    // Eight bits have steps of 256.
    const error = plain.pcm.map((value, index) => Math.abs(value - (PCM[index] ?? 0)));
    expect(Math.max(...error)).toBeLessThanOrEqual(bitCount === 8 ? 128 : 1);
    expect(extensible.pcm).toEqual(plain.pcm);
  });

  test("may have any rate, and lasts as long at ours", () => {
    const tone = { frequencyHz: 440, rateHz: 44_100 };
    const file = encodeWav([sineOf(tone, { sampleCount: 44_100 })], 44_100);

    const { pcm, rateHz, durationMs } = parseWav(file);

    expect([pcm.length, rateHz, durationMs]).toEqual([16_000, 44_100, 1_000]);
    expect(fitSine(pcm, { ...tone, rateHz: 16_000 }, 800).snrDb).toBeGreaterThan(90);
  });

  test("may have up to eight channels, which become their mean", () => {
    const content = new Uint8Array(Int16Array.from({ length: 80 }, (_, n) => n % 8).buffer);

    const { pcm, channelCount } = parseWav(
      riff([fmt({ tag: 1, channelCount: 8, rateHz: 16_000, bitCount: 16 }), { id: "data", content }]),
    );

    expect([channelCount, pcm]).toEqual([8, new Int16Array(10).fill(4)]);
  });
});

describe("a WAV file that is not read", () => {
  const data = (content: Uint8Array): Chunk => ({ id: "data", content });

  test.for<[string, Uint8Array, string]>([
    ["an empty one", new Uint8Array(0), "The WAV file is empty."],
    ["one that begins otherwise", Buffer.from("hello, world, hello"), "is no WAV file"],
    ["one without fmt", riff([DATA]), "there is no `fmt `"],
    ["one with half a fmt", riff([{ id: "fmt ", content: new Uint8Array(8) }, DATA]), "cut off"],
    ["one without data", riff([MONO]), "there is no `data`"],
    ["one without samples", riff([MONO, data(new Uint8Array(0))]), "it has no samples"],
    ["one with half a sample", riff([MONO, data(new Uint8Array(1))]), "it has no samples"],
    ["A-law", riff([fmt({ tag: 6, channelCount: 1, rateHz: 8_000, bitCount: 8 }), DATA]), "compressed (A-law)"],
    ["µ-law", riff([fmt({ tag: 7, channelCount: 1, rateHz: 8_000, bitCount: 8 }), DATA]), "compressed (µ-law)"],
    ["ADPCM", riff([fmt({ tag: 0x11, channelCount: 1, rateHz: 8_000, bitCount: 4 }), DATA]), "compressed (IMA ADPCM)"],
    ["an unknown codec", riff([fmt({ tag: 0x42, channelCount: 1, rateHz: 8_000, bitCount: 4 }), DATA]), "codec 0x0042"],
    ["half floats", riff([fmt({ tag: 3, channelCount: 1, rateHz: 16_000, bitCount: 16 }), DATA]), "floats of 16 bits"],
    ["nine channels", riff([fmt({ tag: 1, channelCount: 9, rateHz: 16_000, bitCount: 16 }), DATA]), "9 channels"],
    ["a rate of zero", riff([fmt({ tag: 1, channelCount: 1, rateHz: 0, bitCount: 16 }), DATA]), "sample rate of 0 Hz"],
  ])("says why: %s", ([, bytes, reason]) => {
    const error = refusal(bytes);

    expect(error.message).toContain(reason);
    expect(error.remedy).toMatch(/\.$|ffmpeg/);
  });

  test.for<[string, string | Uint8Array]>([
    ["an MP3 file", "ID3\x04 and so on"],
    ["an MP3 file", Uint8Array.of(0xff, 0xfb, 0x90, 0x64)],
    ["an AAC file", Uint8Array.of(0xff, 0xf1, 0x50, 0x80)],
    ["an Ogg file", "OggS and so on"],
    ["a FLAC file", "fLaC and so on"],
    ["an M4A or MP4 file", "\0\0\0 ftypM4A "],
    ["a WebM or Matroska file", Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3)],
    ["a web page", "<!DOCTYPE html>"],
    ["a video (AVI)", "RIFF\0\0\0\0AVI LIST"],
  ])("is told to be %s, and how to convert it", ([kind, head]) => {
    const error = refusal(typeof head === "string" ? Buffer.from(head, "latin1") : head);

    expect(error.message).toContain(`The file is ${kind}`);
    expect(error.remedy).toContain("ffmpeg -i <file> -ac 1 -ar 16000 -c:a pcm_s16le converted.wav");
  });
});

describe("whatever the bytes are", () => {
  const isReadOrRefused = (bytes: Uint8Array): boolean => {
    try {
      return parseWav(bytes).pcm.length > 0;
    } catch (error) {
      return error instanceof WavError;
    }
  };

  test("every truncation of a good file is read or refused", () => {
    const file = riff([
      { id: "LIST", content: Uint8Array.of(1, 2, 3) },
      MONO,
      { ...DATA, content: DATA.content.subarray(0, 60) },
    ]);

    for (let length = 0; length <= file.length; length += 1)
      expect(isReadOrRefused(file.subarray(0, length))).toBe(true);
  });

  test("random bytes, also behind a good beginning, are read or refused", () => {
    const heads = [
      new Uint8Array(0),
      Buffer.from("RIFF????WAVE"),
      riff([MONO]),
      riff([MONO, { id: "data", content: new Uint8Array(0) }]),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 300 }), (head, tail) => {
        expect(isReadOrRefused(Uint8Array.of(...head, ...tail))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a good file with one damaged byte is read or refused", () => {
    const file = riff([MONO, { ...DATA, content: DATA.content.subarray(0, 20) }]);
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), (at, value) => {
        expect(isReadOrRefused(file.with(at, value))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** `PCM` in another width. */
function samplesIn(bitCount: number, tag: 1 | 3): Uint8Array {
  const size = bitCount / 8;
  const view = new DataView(new ArrayBuffer(size * PCM.length));
  for (const [index, value] of PCM.entries()) {
    const at = index * size;
    if (tag === 3) size === 4 ? view.setFloat32(at, value / 32_768, true) : view.setFloat64(at, value / 32_768, true);
    else if (size === 1) view.setUint8(at, Math.min(255, Math.round(value / 256) + 128));
    else if (size === 2) view.setInt16(at, value, true);
    else if (size === 3) view.setInt16(at + 1, value, true);
    else view.setInt32(at, value * 65_536, true);
  }
  return new Uint8Array(view.buffer);
}
