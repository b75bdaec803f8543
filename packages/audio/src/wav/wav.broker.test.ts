import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { fitSine, sineOf } from "../pcm/sine.fixture.ts";
import { findProgram } from "../program/find-program.ts";
import { encodeWav } from "./encode-wav.ts";
import { parseWav } from "./parse-wav.ts";

const TONE = { frequencyHz: 440, rateHz: 16_000 };
const FILE = encodeWav([sineOf(TONE, { sampleCount: 16_000, amplitude: 16_000 })]);

/** What a program makes of our own file, into a pipe, so that it cannot come back to fill in the length. */
function convert(program: string, args: readonly string[]): Uint8Array {
  return execFileSync(program, args, { input: FILE, stdio: ["pipe", "pipe", "ignore"], maxBuffer: 10_000_000 });
}

const sox = (...format: readonly string[]) => ["sox", ["-t", "wav", "-", ...format, "-t", "wav", "-"]] as const;
const ffmpeg = (...format: readonly string[]) => ["ffmpeg", ["-i", "-", ...format, "-f", "wav", "-"]] as const;

test.for([
  ["sox, 16 bits", ...sox()],
  ["sox, 24 bits, 44 100 Hz, two channels", ...sox("-b", "24", "-r", "44100", "-c", "2")],
  ["sox, floats, 48 000 Hz", ...sox("-e", "floating-point", "-b", "32", "-r", "48000")],
  ["ffmpeg, 32 bits, 22 050 Hz, six channels", ...ffmpeg("-c:a", "pcm_s32le", "-ar", "22050", "-ac", "6")],
  ["ffmpeg, 64-bit floats", ...ffmpeg("-c:a", "pcm_f64le")],
  ["ffmpeg, 8 bits", ...ffmpeg("-c:a", "pcm_u8")],
] as const)("what %s writes is read", async ([, program, args], context) => {
  context.skip((await findProgram(program)) === undefined, `${program} is not installed`);

  const { pcm, isTruncated } = parseWav(convert(program, args));

  expect(isTruncated).toBe(false);
  // Their own resamplers may leave some samples out at the end.
  expect(Math.abs(pcm.length - 16_000)).toBeLessThan(50);
  expect(fitSine(pcm, TONE, 1_600).snrDb).toBeGreaterThan(35);
});

test.for([
  ["mp3", "an MP3 file", ["-f", "mp3"]],
  ["flac", "a FLAC file", ["-f", "flac"]],
  ["aac", "an AAC file", ["-f", "adts"]],
  ["vorbis", "an Ogg file", ["-f", "ogg"]],
] as const)("what ffmpeg writes as %s is told to be that", async ([, kind, args], context) => {
  context.skip((await findProgram("ffmpeg")) === undefined, "ffmpeg is not installed");

  expect(() => parseWav(convert("ffmpeg", ["-i", "-", ...args, "-"]))).toThrow(`The file is ${kind}`);
});

test.for([
  ["pcm_alaw", "A-law"],
  ["adpcm_ima_wav", "IMA ADPCM"],
] as const)("what ffmpeg compresses with %s into a WAV file is named", async ([codec, name], context) => {
  context.skip((await findProgram("ffmpeg")) === undefined, "ffmpeg is not installed");
  const [program, args] = ffmpeg("-c:a", codec);

  expect(() => parseWav(convert(program, args))).toThrow(`compressed (${name})`);
});

test("what espeak-ng writes while it speaks is read", async (context) => {
  context.skip((await findProgram("espeak-ng")) === undefined, "espeak-ng is not installed");

  const { rateHz, durationMs, isTruncated } = parseWav(convert("espeak-ng", ["--stdout", "What time is it?"]));

  expect([rateHz, isTruncated]).toEqual([22_050, false]);
  expect(durationMs).toBeGreaterThan(500);
});
