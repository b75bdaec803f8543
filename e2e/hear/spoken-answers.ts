/**
 * Whether what came out of the loudspeaker is the answer: the sound is the one that the engine makes of it, and a recogniser that
 * knows nothing of the answer reads nothing that is nearer to another one. (It misreads the engine's own sound at times, and then as
 * far from the one as from the other.)
 */
import { join } from "node:path";
import { correlate } from "@ts-tars/audio";
import type { Client } from "@ts-tars/mqtt";
import { wordsOf } from "../../services/router/src/words.ts";
import { editDistance } from "../../tools/speech/compare.ts";
import { speak } from "../../tools/speech/flite.ts";
import { SPOKEN_TEXTS } from "../../tools/speech/free-words.ts";
import { drawManner } from "../../tools/speech/manner.ts";
import { QUESTIONS } from "../../tools/speech/questions.ts";
import type { Random } from "../../tools/speech/random.ts";
import type { Reader } from "../../tools/speech/reader.ts";
import { joinSounds, speechSpan } from "../../tools/speech/sound.ts";
import { openSite } from "./site.ts";

/** One spoken answer, and what it was found to be. */
export interface SpokenAnswer {
  readonly text: string;
  /** Of its sound with that of the engine at the best lag: 1 is the same. */
  readonly likeness: number;
  readonly transcript: string;
  /** Words between the transcript and the answer, and between it and the nearest of the decoys. */
  readonly distance: number;
  readonly decoyDistance: number;
}

const DECOY_COUNT = 20;
const LIKENESS_MIN = 0.8;

export const isTheAnswer = ({ likeness, distance, decoyDistance }: SpokenAnswer): boolean =>
  likeness >= LIKENESS_MIN && distance <= decoyDistance;

export interface AnswersOptions {
  readonly client: Client;
  readonly reader: Reader;
  readonly random: Random;
  readonly directory: string;
  readonly count: number;
}

/** Has the robot say sentences that nobody could foresee, and listens to its loudspeaker. */
export async function checkSpokenAnswers(options: AnswersOptions): Promise<readonly SpokenAnswer[]> {
  const { client, random, count } = options;
  await using site = await openSite(client, "trial-speaker");
  const texts = random.shuffle(SPOKEN_TEXTS).slice(0, count);
  const answers: SpokenAnswer[] = [];
  for (const [index, wanted] of texts.entries()) {
    const scratch = join(options.directory, `ask-${index}`);
    const pcm = await speak(`repeat after me ${wanted}`, { ...drawManner("rms", random), pitchCents: 0 }, scratch);
    const { answer, spoken } = await site.hear({ pcm: padded(pcm), speak: "yes" });
    answers.push(await examine(answer.text, joinSounds(spoken), options));
  }
  return answers;
}

/** Room to begin and to end in. */
function padded(pcm: Int16Array): Int16Array {
  return joinSounds([new Int16Array(8_000), pcm, new Int16Array(8_000)]);
}

async function examine(text: string, sound: Int16Array, options: AnswersOptions): Promise<SpokenAnswer> {
  const { reader, random, directory } = options;
  const scratch = join(directory, `engine-${Math.floor(random.next() * 2 ** 32)}`);
  const engine = await speak(text, { voice: "slt", tempo: 1, pitchCents: 0 }, scratch);
  const { from, to } = speechSpan(engine);
  const transcript = (await reader.read(padded(sound))).open?.text ?? "";
  const read = words(transcript);
  const decoys = random
    .shuffle([...SPOKEN_TEXTS, ...QUESTIONS])
    .filter((decoy) => decoy !== text)
    .slice(0, DECOY_COUNT);
  return {
    text,
    likeness: sound.length === 0 ? 0 : correlate(engine.subarray(from, to), padded(sound)).likeness,
    transcript,
    distance: editDistance(words(text), read),
    decoyDistance: Math.min(...decoys.map((decoy) => editDistance(words(decoy), read))),
  };
}

const words = (text: string): readonly string[] => wordsOf(text).map(({ word }) => word);
