/**
 * Makes test speech, which is never kept in the repository: the same seed makes the same files.
 *
 *   npm run speech -- --out DIR [--seed N] [--commands 20] [--questions 10] [--traps 10] [--snr dB]
 *
 * Writes WAV files under random names and `said.json`: what is said in each, by whom, and what it means.
 */
import { randomInt } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { encodeWav } from "@ts-tars/audio";
import { readBuiltinIntents } from "../../services/router/src/builtin-intents.fixture.ts";
import { BASE_TRAPS } from "../../services/router/src/intent-traps.fixture.ts";
import { drawUtterances } from "./draw-utterances.ts";
import { makeSound } from "./make-sound.ts";
import { QUESTIONS } from "./questions.ts";
import { createRandom } from "./random.ts";

const { values } = parseArgs({
  options: {
    out: { type: "string" },
    seed: { type: "string" },
    commands: { type: "string", default: "20" },
    questions: { type: "string", default: "10" },
    traps: { type: "string", default: "10" },
    snr: { type: "string" },
  },
});
if (values.out === undefined) throw new TypeError("Say where the files go: --out DIR, outside the repository.");
const directory = values.out;
const seed = values.seed ?? String(randomInt(2 ** 32));
const random = createRandom(seed);
const counts = { command: Number(values.commands), question: Number(values.questions), trap: Number(values.traps) };
const snrDb = values.snr === undefined ? undefined : Number(values.snr);
const source = { book: readBuiltinIntents(), questions: QUESTIONS, traps: BASE_TRAPS };

await mkdir(directory, { recursive: true });
const said = [];
for (const utterance of drawUtterances({ ...source, counts, snrDb }, random)) {
  const name = Math.floor(random.next() * 2 ** 52).toString(36);
  const scratch = join(directory, name);
  await writeFile(`${scratch}.wav`, encodeWav([await makeSound(utterance, { scratch, random: random.fork(name) })]));
  said.push({ file: `${name}.wav`, ...utterance });
}
await writeFile(join(directory, "said.json"), `${JSON.stringify({ seed, said }, null, 2)}\n`);
process.stdout.write(`${said.length} files in ${directory}, seed ${seed}\n`);
