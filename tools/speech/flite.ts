/**
 * Speech for tests, made by flite: three voices, each with its tempo and pitch. Measured on PocketSphinx (90 questions, words wrong):
 * 20.5 % unchanged, 20.5 % with flite's own stretch and pitch, 27.6 % when sox does both. So flite does it, but for the pitch of
 * rms, which flite cannot move.
 */
import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { promisify } from "node:util";
import { parseWav } from "@ts-tars/audio";
import type { Manner } from "./manner.ts";

const run = promisify(execFile);

export { drawManner, VOICES } from "./manner.ts";

/** The text as sound: Int16Array, mono, 16 000 Hz. `scratch` is a path that nobody else uses. */
export async function speak(text: string, { voice, tempo, pitchCents }: Manner, scratch: string): Promise<Int16Array> {
  const raw = `${scratch}.flite.wav`;
  const isMovable = voice !== "rms";
  const pitch = isMovable ? ["--setf", `f0_shift=${2 ** (pitchCents / 1_200)}`] : [];
  await run("flite", ["-voice", voice, "--setf", `duration_stretch=${1 / tempo}`, ...pitch, "-t", text, "-o", raw]);
  if (isMovable) return await takeFile(raw);
  const shifted = `${scratch}.sox.wav`;
  await run("sox", ["-D", raw, shifted, "gain", "-3", "pitch", String(pitchCents)]);
  await rm(raw);
  return await takeFile(shifted);
}

async function takeFile(path: string): Promise<Int16Array> {
  const { pcm } = parseWav(await readFile(path));
  await rm(path);
  return pcm;
}
