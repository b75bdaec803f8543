/** Spoken test sentences, made by flite when they are needed. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { joinPcm, parseWav } from "@ts-tars/audio";

const run = promisify(execFile);

/** The sentence as sound: Int16Array, mono, 16 000 Hz. */
export async function speak(text: string, voice: "slt" | "rms" | "awb" = "slt"): Promise<Int16Array> {
  const directory = await mkdtemp(join(tmpdir(), "stt-speech-"));
  try {
    const path = join(directory, "speech.wav");
    await run("flite", ["-voice", voice, "-t", text, "-o", path]);
    return parseWav(await readFile(path)).pcm;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** A quiet room: noise of ±4 steps, the same each time. */
export function quiet(durationMs: number): Int16Array {
  let seed = 1;
  return Int16Array.from({ length: durationMs * 16 }, () => {
    seed = (seed * 48_271) % 0x7fff_ffff;
    return (seed % 9) - 4;
  });
}

/** One sound behind the other. */
export const joined = (...parts: readonly Int16Array[]): Int16Array => joinPcm(parts);

/** The sound at another loudness; 1 leaves it as it is. */
export function scaled(pcm: Int16Array, gain: number): Int16Array {
  return pcm.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))));
}
