/** A WAV file as the robot's own sound, at once. Pure. */
import { joinPcm } from "../pcm/join-pcm.ts";
import { openWav, type WavSound } from "./open-wav.ts";

/** The sound of a WAV file, and what stands in the file. */
export interface ParsedWav extends Omit<WavSound, "pieces"> {
  /** Int16Array, mono, 16 000 Hz. */
  readonly pcm: Int16Array;
}

/**
 * Reads PCM of 8, 16, 24 and 32 bits and floats of 32 and 64, any rate, 1 to 8 channels, as mono at 16 000 Hz.
 *
 * @throws {WavError} which says what the file is instead, and what to do.
 */
export function parseWav(bytes: Uint8Array): ParsedWav {
  const { pieces, ...wav } = openWav(bytes);
  return { ...wav, pcm: joinPcm([...pieces()]) };
}
