/**
 * Speech for tests, made by flite: three voices, each with its tempo and pitch. Measured on PocketSphinx (90 questions, words wrong):
 * 20.5 % unchanged, 20.5 % with flite's own stretch and pitch, 27.6 % when sox does both. So flite does it, but for the pitch of
 * rms, which flite cannot move.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { parseWav } from "@ts-tars/audio";
import type { Random } from "./random.ts";

const run = promisify(execFile);

/** All that flite has at 16 000 Hz in American English and that is no copy of another. */
export const VOICES = ["slt", "rms", "awb"] as const;
export type Voice = (typeof VOICES)[number];

/** How somebody talks. */
export interface Manner {
  readonly voice: Voice;
  /** 1 is the voice's own, 2 twice as fast. */
  readonly tempo: number;
  /** Hundredths of a semitone above the voice's own pitch. */
  readonly pitchCents: number;
}

/** Tempo 0.9 to 1.15, pitch ± 150 cents. */
export function drawManner(voice: Voice, random: Random): Manner {
  return { voice, tempo: random.between(0.9, 1.15), pitchCents: Math.round(random.between(-150, 150)) };
}

/** The text as sound: Int16Array, mono, 16 000 Hz. `scratch` is the path of a file that nobody else uses. */
export async function speak(text: string, { voice, tempo, pitchCents }: Manner, scratch: string): Promise<Int16Array> {
  const raw = `${scratch}.flite.wav`;
  const isMovable = voice !== "rms";
  const pitch = isMovable ? ["--setf", `f0_shift=${2 ** (pitchCents / 1_200)}`] : [];
  await run("flite", ["-voice", voice, "--setf", `duration_stretch=${1 / tempo}`, ...pitch, "-t", text, "-o", raw]);
  if (isMovable) return parseWav(await readFile(raw)).pcm;
  const shifted = `${scratch}.sox.wav`;
  await run("sox", ["-D", raw, shifted, "gain", "-3", "pitch", String(pitchCents)]);
  return parseWav(await readFile(shifted)).pcm;
}
