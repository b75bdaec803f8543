import { samplesOfMs } from "@ts-tars/audio";
import type { Utterance } from "./draw-utterances.ts";
import { speak } from "./flite.ts";
import type { Random } from "./random.ts";
import { joinSounds, mixNoise, pinkNoise, speechSpan, withPeakDb } from "./sound.ts";

/** The utterance as a microphone would hear it: Int16Array, mono, 16 000 Hz. `scratch` is a path that nobody else uses. */
export async function makeSound(
  { text, manner, peakDb, leadMs, tailMs, snrDb }: Utterance,
  { scratch, random }: { readonly scratch: string; readonly random: Random },
): Promise<Int16Array> {
  const speech = withPeakDb(await speak(text, manner, scratch), peakDb);
  const pcm = joinSounds([new Int16Array(samplesOfMs(leadMs)), speech, new Int16Array(samplesOfMs(tailMs))]);
  if (snrDb === undefined) return pcm;
  return mixNoise(pcm, { noise: pinkNoise(pcm.length, random), snrDb, speech: speechSpan(pcm) });
}
