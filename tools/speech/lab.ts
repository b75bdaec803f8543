/**
 * The recognition laboratory: what the robot's recogniser makes of fresh speech, without a robot around it.
 *
 *   npm run speech:lab -- [--seed N] [--commands 180] [--questions 90] [--traps 1000] [--snr dB]
 *
 * Prints the figures of 04, every mistake with both readings and their distance in phones, and decoding time by sound time.
 */
import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { msOfSamples } from "@ts-tars/audio";
import { believe } from "@ts-tars/stt-worker";
import { readBuiltinIntents } from "../../services/router/src/builtin-intents.fixture.ts";
import { BASE_TRAPS } from "../../services/router/src/intent-traps.fixture.ts";
import { understand } from "../../services/router/src/intents.ts";
import { phoneDistance } from "../../services/stt-worker/src/phone-distance.ts";
import { drawUtterances } from "./draw-utterances.ts";
import { makeSound } from "./make-sound.ts";
import { VOICES } from "./manner.ts";
import { QUESTIONS } from "./questions.ts";
import { createRandom } from "./random.ts";
import { openReader, type Reader } from "./reader.ts";
import { figuresOf, isNotRight, isTaken, lineOf, type Outcome } from "./tally.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    commands: { type: "string", default: "180" },
    questions: { type: "string", default: "90" },
    traps: { type: "string", default: "1000" },
    snr: { type: "string" },
  },
});
const seed = values.seed ?? String(randomInt(2 ** 32));
const random = createRandom(seed);
const book = readBuiltinIntents();
const write = (line: string): void => void process.stdout.write(`${line}\n`);

write(`speech laboratory, seed ${seed}`);
const { outcomes, soundMs, decodingMs } = await examine();
for (const figure of figuresOf(outcomes, "exact")) write(lineOf(figure));
write(`decoding time by sound time       ${(decodingMs / soundMs).toFixed(3)}`);

async function examine() {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "ts-tars-lab-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const counts = {
    command: Number(values.commands),
    question: Number(values.questions),
    trap: Number(values.traps),
  };
  const snrDb = values.snr === undefined ? undefined : Number(values.snr);
  const drawn = drawUtterances({ book, questions: QUESTIONS, traps: BASE_TRAPS, counts, snrDb }, random);
  // One speaker after the other, as in a room: the recogniser goes on from what it has learnt of a voice.
  const utterances = VOICES.flatMap((voice) => drawn.filter(({ manner }) => manner.voice === voice));
  const reader = stack.use(openReader(book));
  const found: Outcome[] = [];
  let [soundMs, decodingMs] = [0, 0];
  for (const [index, utterance] of utterances.entries()) {
    const scratch = join(directory, String(index));
    const pcm = await makeSound(utterance, { scratch, random: random.fork(scratch) });
    const startedAtMs = performance.now();
    const readings = await reader.read(pcm);
    decodingMs += performance.now() - startedAtMs;
    soundMs += msOfSamples(pcm.length);
    const { text } = believe(readings);
    const understood = understand(text, book);
    const outcome = { utterance, transcript: text, intent: understood?.name, slots: understood?.slots ?? {} };
    found.push(outcome);
    tell(outcome, readings);
  }
  return { outcomes: found, soundMs, decodingMs };
}

function tell(outcome: Outcome, { open, command }: Awaited<ReturnType<Reader["read"]>>): void {
  const { utterance, intent } = outcome;
  const isMistake = utterance.kind === "command" ? isNotRight(outcome) : isTaken(outcome);
  if (!isMistake) return;
  const distance = open && command ? phoneDistance(open.phones, command.phones).toFixed(2) : "-";
  const readings = `open "${open?.text ?? ""}", command "${command?.text ?? ""}", distance ${distance}`;
  write(`       ${utterance.kind} ${utterance.manner.voice} "${utterance.text}" → ${intent ?? "-"}: ${readings}`);
}
