/**
 * `npm run bench:voice [-- --seed N] [--turns N] [--pauses N] [--check] [--json FILE]`: fresh speech, in real time, to a robot of its
 * own over its managed Mosquitto; what a spoken turn takes, where pauses are cut, and how free the event loops stay.
 *
 * Exit code 1 with `--check` when a bar of 04 is missed.
 */
import { randomInt } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Client, connect } from "@ts-tars/mqtt";
import { startRobot } from "../../e2e/support/robot.ts";
import { createRandom } from "../../tools/speech/random.ts";
import { type Figure, isMissed, lineOf, loopFigures, pauseFigure, turnFigures } from "./figures.ts";
import { readLoop } from "./loops.ts";
import { speakTurn, type TurnTimes, type Utterance } from "./spoken-turn.ts";
import { drawCommandUtterance, drawPausedUtterance, type Pause, type Studio } from "./utterances.ts";

const root = resolve(import.meta.dirname, "../..");
const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    turns: { type: "string", default: "40" },
    pauses: { type: "string", default: "40" },
    check: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const seed = Number(values.seed ?? randomInt(2 ** 32));
const write = (line: string): void => void process.stdout.write(`${line}\n`);

write(`bench:voice, seed ${seed}`);
const figures = await measure();
for (const figure of figures) write(lineOf(figure));
if (values.json !== undefined) await writeFile(values.json, JSON.stringify(record(figures), null, 2));
process.exitCode = values.check && figures.some(isMissed) ? 1 : 0;

async function measure(): Promise<readonly Figure[]> {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "ts-tars-voice-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const env = {
    STT_SOURCE: "none",
    TTS_SINK: "null",
    VOICE_BENCH_LOOPS: directory,
    NODE_OPTIONS: `--import ${new URL("./loop-monitor.mjs", import.meta.url)}`,
  };
  const robot = stack.use(await startRobot({ checkout: root, env }));
  const { url, username = "", password = "" } = await robot.runFile();
  const client = stack.use(connect({ url, source: "voice-bench", credentials: { username, password } }));
  await client.ready();
  let fileCount = 0;
  const scratch = (): string => join(directory, `speech-${fileCount++}`);
  const studio: Studio = { random: createRandom(seed), scratch };

  // The first turn warms up what every later one finds warm.
  const command = () => drawCommandUtterance(studio);
  await speakAll(client, { name: "warming up", count: 1, draw: command });
  await writeFile(join(directory, "begin"), "");
  const turns = await speakAll(client, { name: "commands", count: Number(values.turns), draw: command });
  const loops = await Promise.all(
    ["stt-worker", "tts-worker"].map(async (service) => loopFigures(service, await readLoop(directory, service))),
  );
  const pauses: Figure[] = [];
  for (const pause of ["after_opener", "elsewhere", "after_um"] as const satisfies readonly Pause[]) {
    const count = pause === "after_um" ? Math.ceil(Number(values.pauses) / 4) : Number(values.pauses);
    const paused = { name: `pauses ${pause}`, count, draw: () => drawPausedUtterance(pause, studio) };
    pauses.push(pauseFigure(pause, await speakAll(client, paused)));
  }
  return [...turnFigures(turns), ...loops.flat(), ...pauses];
}

interface Round {
  readonly name: string;
  readonly count: number;
  readonly draw: () => Promise<Utterance>;
}

/** It takes 10 s a turn, in real time: whoever waits is told how far it is, and what was heard. */
async function speakAll(client: Client, { name, count, draw }: Round): Promise<readonly TurnTimes[]> {
  const turns: TurnTimes[] = [];
  while (turns.length < count) {
    const turn = await speakTurn(client, await draw());
    turns.push(turn);
    process.stderr.write(`${name}: ${turns.length} of ${count}: ${describeTurn(turn)}\n`);
  }
  return turns;
}

function describeTurn({ utterance, transcript, endOfSpeech, endpointingMs }: TurnTimes): string {
  const after = endpointingMs === undefined ? "never" : `${Math.round(endpointingMs)} ms after the speech`;
  return `"${utterance.text}" → "${transcript ?? ""}", ended by ${endOfSpeech ?? "nothing"}, ${after}`;
}

function record(measured: readonly Figure[]): object {
  const machine = { cpu: cpus()[0]?.model ?? "", cores: cpus().length, node: process.version };
  return { date: new Date().toISOString(), seed, machine, figures: measured };
}
