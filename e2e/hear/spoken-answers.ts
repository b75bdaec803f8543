/**
 * Whether what came out of the loudspeaker is the answer: the sound is the one that the engine makes of it, and a recogniser that
 * knows nothing of the answer reads something nearer to it than to other answers. An answer of which it cannot do that even from the
 * engine's own sound says nothing of the robot, and is drawn anew.
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
/** Of the answers drawn: with more of them unreadable, the recogniser is not what it was. */
const REDRAWN_RATIO_MAX = 0.4;

export const isTheAnswer = ({ likeness, distance, decoyDistance }: SpokenAnswer): boolean =>
  likeness >= LIKENESS_MIN && distance < decoyDistance;

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
  const texts = random.shuffle(SPOKEN_TEXTS).slice(0, Math.ceil(count / (1 - REDRAWN_RATIO_MAX)));
  const answers: SpokenAnswer[] = [];
  for (const [index, wanted] of texts.entries()) {
    if (answers.length === count) break;
    const scratch = join(options.directory, `ask-${index}`);
    const pcm = await speak(`repeat after me ${wanted}`, { ...drawManner("rms", random), pitchCents: 0 }, scratch);
    const { answer, spoken } = await site.hear({ pcm: padded(pcm), speak: "yes" });
    const found = await examine(answer.text, joinSounds(spoken), options);
    if (found === undefined) process.stdout.write(`drawn anew, for the recogniser cannot read it: ${answer.text}\n`);
    else answers.push(found);
  }
  return answers;
}

/** Room to begin and to end in. */
function padded(pcm: Int16Array): Int16Array {
  return joinSounds([new Int16Array(8_000), pcm, new Int16Array(8_000)]);
}

/** Undefined when the recogniser does not know the answer from others in the engine's own sound of it. */
async function examine(text: string, sound: Int16Array, options: AnswersOptions): Promise<SpokenAnswer | undefined> {
  const { reader, random, directory } = options;
  const scratch = join(directory, `engine-${Math.floor(random.next() * 2 ** 32)}`);
  const engine = await speak(text, { voice: "slt", tempo: 1, pitchCents: 0 }, scratch);
  const { from, to } = speechSpan(engine);
  const decoys = random
    .shuffle([...SPOKEN_TEXTS, ...QUESTIONS])
    .filter((decoy) => decoy !== text)
    .slice(0, DECOY_COUNT);
  const distances = (transcript: string): Pick<SpokenAnswer, "distance" | "decoyDistance"> => {
    const read = words(transcript);
    return {
      distance: editDistance(words(text), read),
      decoyDistance: Math.min(...decoys.map((decoy) => editDistance(words(decoy), read))),
    };
  };
  const transcribe = async (pcm: Int16Array): Promise<string> => (await reader.read(padded(pcm))).open?.text ?? "";
  const own = distances(await transcribe(engine));
  if (own.distance >= own.decoyDistance) return undefined;
  const transcript = await transcribe(sound);
  return {
    text,
    likeness: sound.length === 0 ? 0 : correlate(engine.subarray(from, to), padded(sound)).likeness,
    transcript,
    ...distances(transcript),
  };
}

const words = (text: string): readonly string[] => wordsOf(text).map(({ word }) => word);
