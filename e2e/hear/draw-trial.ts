import { readBuiltinIntents } from "../../services/router/src/builtin-intents.fixture.ts";
import { BASE_TRAPS } from "../../services/router/src/intent-traps.fixture.ts";
import { drawUtterances, type Utterance } from "../../tools/speech/draw-utterances.ts";
import { QUESTIONS } from "../../tools/speech/questions.ts";
import type { Random } from "../../tools/speech/random.ts";
import type { HearCounts } from "./counts.ts";

/** The noise of a bar of 04. */
const SNR_DB = 25;

/** What is said, each part in an order of chance. First it is quiet, then there is noise, as in a room; the commands are others. */
export function drawTrial(counts: Omit<HearCounts, "answers">, random: Random): readonly Utterance[] {
  const source = { book: readBuiltinIntents(), questions: QUESTIONS, traps: BASE_TRAPS };
  const quiet = { command: counts.commands, question: counts.questions, trap: counts.traps };
  const noisy = { command: counts.noise, question: 0, trap: 0 };
  return [
    ...drawUtterances({ ...source, counts: quiet }, random.fork("quiet")),
    ...drawUtterances({ ...source, counts: noisy, snrDb: SNR_DB }, random.fork("noisy")),
  ];
}
