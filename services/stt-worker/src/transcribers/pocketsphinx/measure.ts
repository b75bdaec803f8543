import { readFileSync } from "node:fs";
import type { DecoderFacts } from "../../transcriber.ts";
import { profileFor } from "./profiles.ts";
import type { Recogniser } from "./recogniser.ts";

/** 2 s of speech, 16-bit mono at 16 000 Hz; the README says how it was made. */
const SPEECH = new URL("../../../assets/two-seconds.wav", import.meta.url);
/** What our own file begins with. */
const WAV_HEADER_BYTES = 44;

const CHUNK_SAMPLES = 1_280;
/** A machine that is busy with something else for a moment is not a slow one: the best of so many counts. */
const TRIALS = 3;

/** How fast a decoder is here, on its first words; warms it up besides. */
export function measureOpen(recogniser: Recogniser): DecoderFacts {
  const bytes = readFileSync(SPEECH);
  const pcm = new Int16Array(bytes.buffer.slice(bytes.byteOffset + WAV_HEADER_BYTES, bytes.byteOffset + bytes.length));
  let realTimeRatio = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < TRIALS && profileFor(realTimeRatio) !== "full"; trial += 1) {
    realTimeRatio = Math.min(realTimeRatio, ratioOf(recogniser, pcm));
  }
  return { profile: profileFor(realTimeRatio), realTimeRatio };
}

function ratioOf(recogniser: Recogniser, pcm: Int16Array): number {
  const startMs = performance.now();
  recogniser.begin({ isNewCapture: true });
  for (let at = 0; at < pcm.length; at += CHUNK_SAMPLES) recogniser.feed(pcm.slice(at, at + CHUNK_SAMPLES));
  recogniser.end();
  return (performance.now() - startMs) / (pcm.length / 16);
}
