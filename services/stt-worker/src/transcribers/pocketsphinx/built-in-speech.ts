import { readFileSync } from "node:fs";
import type { DecoderFacts } from "../../transcriber.ts";
import { profileFor } from "./profiles.ts";
import type { Recogniser } from "./recogniser.ts";

/** 2 s of speech, 16-bit mono at 16 000 Hz; the README says how it was made. */
const SPEECH = new URL("../../../assets/two-seconds.wav", import.meta.url);
/** What our own file begins with. */
const WAV_HEADER_BYTES = 44;

const CHUNK_SAMPLES = 1_280;
/** The first one fills caches: the best of so many counts. */
const TRIALS = 3;

/** What is heard with: a `Recogniser`, or one of its tests. */
type Hearer = Pick<Recogniser, "begin" | "feed" | "end">;

/** How long this thread has computed, in ms, without the time that others had the processor. */
export type BusyMs = () => number;

const threadBusyMs: BusyMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/**
 * Lets a recogniser hear speech before anybody speaks: it learns what voices sound like on the average. Without it the first
 * question is read worse: 22 % of the words wrong instead of 14 %.
 */
export function warmUp(recogniser: Hearer): void {
  hear(recogniser, readSpeech());
}

/**
 * How fast a recogniser is here; warms it up besides. Its own computing counts and not the time that passed: at the start of the robot,
 * or of the whole board, everybody wants the processor, and what is decided then holds until the next start.
 */
export function measure(recogniser: Hearer, busyMs: BusyMs = threadBusyMs): DecoderFacts {
  const pcm = readSpeech();
  let realTimeRatio = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < TRIALS && profileFor(realTimeRatio) !== "full"; trial += 1) {
    const startMs = busyMs();
    hear(recogniser, pcm);
    realTimeRatio = Math.min(realTimeRatio, (busyMs() - startMs) / (pcm.length / 16));
  }
  return { profile: profileFor(realTimeRatio), realTimeRatio };
}

function readSpeech(): Int16Array {
  const bytes = readFileSync(SPEECH);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset + WAV_HEADER_BYTES, bytes.byteOffset + bytes.length));
}

function hear(recogniser: Hearer, pcm: Int16Array): void {
  recogniser.begin();
  for (let at = 0; at < pcm.length; at += CHUNK_SAMPLES) recogniser.feed(pcm.slice(at, at + CHUNK_SAMPLES));
  recogniser.end();
}
