/** The silence before a voice begins. Pure. */
import { AUDIO_RATE_HZ } from "@ts-tars/contracts";

/** Breath and noise of a voice model stay below; the faintest beginning of a word does not. */
const AUDIBLE = 300;
/** 20 ms stay, so that no soft beginning is cut. */
const KEPT_SAMPLES = AUDIO_RATE_HZ / 50;

/** The sound from shortly before its first audible sample on; all of it, when nothing is audible. */
export function withoutLeadIn(pcm: Int16Array): Int16Array {
  const first = pcm.findIndex((value) => Math.abs(value) > AUDIBLE);
  return first < 0 ? pcm : pcm.subarray(Math.max(0, first - KEPT_SAMPLES));
}
