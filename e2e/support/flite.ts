import { writeFile } from "node:fs/promises";
import { encodeWav } from "@ts-tars/audio";
import { speak } from "../../tools/speech/flite.ts";

/** Speaks a text into a WAV file, in one voice as it is. */
export async function speakWithFlite(text: string, path: string): Promise<void> {
  await writeFile(path, encodeWav([await speak(text, { voice: "slt", tempo: 1, pitchCents: 0 }, path)]));
}
