/**
 * `npm run accept:hear [-- --seed N] [--only commands|noise|questions|traps|sound] [--tenth] [--json]`: speaks what the seed draws to a
 * robot of its own, three voices, and prints what was understood beside the bars of 04.
 *
 * 180 commands without noise and 180 with pink noise at 25 dB (every intent at least twice), 90 open questions, every trap by every
 * voice, and 12 spoken answers that are heard again. `--tenth`: a tenth of it, with the bars that so few can show. The sounds are
 * written under random names into a directory that is gone afterwards. Exit code 1 when a bar is missed.
 */
import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { systemHealth } from "@ts-tars/contracts";
import { within } from "@ts-tars/harness";
import { type Client, connect } from "@ts-tars/mqtt";
import { createRandom } from "../tools/speech/random.ts";
import { openReader } from "../tools/speech/reader.ts";
import { type Figure, figuresOf, isMissed, isNotRight, isTaken, lineOf, type Outcome } from "../tools/speech/tally.ts";
import { FULL_COUNTS, type HearCounts, only, TENTH_COUNTS } from "./hear/counts.ts";
import { drawTrial } from "./hear/draw-trial.ts";
import { checkSpokenAnswers, isTheAnswer, type SpokenAnswer } from "./hear/spoken-answers.ts";
import { hearAll } from "./hear/trial.ts";
import { startRobot } from "./support/robot.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    only: { type: "string" },
    tenth: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const seed = values.seed ?? String(randomInt(2 ** 32));
const counts = only(values.tenth ? TENTH_COUNTS : FULL_COUNTS, values.only);
/** The first decoder is up, and has measured the machine. */
const PROFILE_KNOWN_MS = 60_000;
const write = (line: string): void => void (values.json || process.stdout.write(`${line}\n`));

write(`accept:hear, seed ${seed}`);
const { outcomes, answers } = await measure(counts);
const figures: readonly Figure[] = [
  ...figuresOf(outcomes, values.tenth ? "chance" : "exact"),
  ...(answers.length === 0 ? [] : [answerFigure(answers)]),
];
for (const figure of figures) write(lineOf(figure));
if (values.json) {
  process.stdout.write(
    `${JSON.stringify({ seed, figures, answers, mistakes: outcomes.filter(isMistake) }, null, 2)}\n`,
  );
}
process.exitCode = figures.some(isMissed) ? 1 : 0;

interface Measured {
  readonly outcomes: readonly Outcome[];
  readonly answers: readonly SpokenAnswer[];
}

async function measure({ answers: answerCount, ...spoken }: HearCounts): Promise<Measured> {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "ts-tars-hear-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const env = { STT_SOURCE: "none", TTS_SINK: "null", TTS_ENGINE: "flite", TTS_FLITE_VOICE: "slt" };
  const robot = stack.use(await startRobot({ checkout: resolve(import.meta.dirname, ".."), env }));
  const { url, username = "", password = "" } = await robot.runFile();
  const client = stack.use(connect({ url, source: "accept-hear", credentials: { username, password } }));
  await client.ready();
  write(`       the recogniser works with the profile ${await profileOf(client)}`);
  const random = createRandom(seed);
  const utterances = drawTrial(spoken, random.fork("utterances"));
  const trial = { client, random: random.fork("sounds"), directory };
  const outcomes = await hearAll({ ...trial, utterances, onOutcome: tell });
  const reader = stack.use(openReader());
  const answers = await checkSpokenAnswers({ ...trial, reader, count: answerCount });
  for (const answer of answers.filter((one) => !isTheAnswer(one))) write(`       answer ${JSON.stringify(answer)}`);
  return { outcomes, answers };
}

/** Another one than "full" is another recogniser, with other figures. */
async function profileOf(client: Client): Promise<string> {
  const told = Promise.withResolvers<string>();
  const subscription = client.subscribe(systemHealth.at({ service: "stt-worker" }), ({ data: { detail = {} } }) => {
    if (typeof detail["profile"] === "string") told.resolve(detail["profile"]);
  });
  const profile = await within(PROFILE_KNOWN_MS, told.promise, () => "stt-worker has not told its profile");
  await subscription.stop();
  return profile;
}

/** What went wrong, as it happens. */
function tell(outcome: Outcome): void {
  if (!isMistake(outcome)) return;
  const { utterance, transcript, intent } = outcome;
  const noise = utterance.snrDb === undefined ? "" : ` ${utterance.snrDb} dB`;
  const said = `${utterance.kind} ${utterance.manner.voice}${noise} "${utterance.text}"`;
  write(`       ${said} → ${transcript === undefined ? "(refused)" : `"${transcript}"`} ${intent ?? "-"}`);
}

function isMistake(outcome: Outcome): boolean {
  return outcome.utterance.kind === "command" ? isNotRight(outcome) : isTaken(outcome);
}

function answerFigure(all: readonly SpokenAnswer[]): Figure {
  const ratio = all.filter(isTheAnswer).length / all.length;
  return { name: "answers heard again", ratio, bar: { kind: "at_least", ratio: 1 }, sampleCount: all.length };
}
