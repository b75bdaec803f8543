/**
 * Processes killed and stopped while a spoken question runs: the question ends with an answer or a reason, the trouble is told in
 * words, the next question is answered soon after the part is back, and nothing stays open, paused or speaking.
 *
 *   node --conditions=ts-tars-source e2e/accept-faults.ts [--seed N] [--rounds 2] [--only stt-worker]
 *
 * A rehearsal tells how long a turn takes; each fault falls at a moment of it that the seed draws. Exit code 1 when anything does not
 * hold.
 */
import { randomInt } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { rollDice } from "../bench/scorecard/dice.ts";
import { openChecks } from "./support/checks.ts";
import { FaultTrials } from "./support/fault-trials.ts";
import { FAULTS } from "./support/faults.ts";
import { speakWithFlite } from "./support/flite.ts";
import { allProcesses, familyOf } from "./support/processes.ts";
import { type Robot, startRobot } from "./support/robot.ts";

/** As many as there are faults of the engine that speaks, in two rounds. */
const FRESH = ["what can you do", "what is your name", "what day is it", "tell me the date"];

const root = resolve(import.meta.dirname, "..");
const { values } = parseArgs({
  options: { seed: { type: "string" }, rounds: { type: "string", default: "2" }, only: { type: "string" } },
});
const seed = Number(values.seed ?? randomInt(2 ** 32));
const write = (line: string): void => void process.stdout.write(`${line}\n`);

write(`accept:faults, seed ${seed}`);
const checks = openChecks(write);
await accept();
process.exitCode = checks.failures() === 0 ? 0 : 1;

async function accept(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "ts-tars-faults-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const temporary = await mkdtemp(join(directory, "tmp-"));
  const speak = async (words: string): Promise<string> => {
    const path = join(directory, `${words.replaceAll(" ", "-")}.wav`);
    await speakWithFlite(words, path);
    return path;
  };
  const question = await speak("what time is it");
  const fresh = await Promise.all(FRESH.map(speak));
  const env = { TTS_SINK: "null", STT_SOURCE: "none", TMPDIR: temporary };
  const robot = stack.use(await startRobot({ checkout: root, env }));
  const trials = new FaultTrials({ robot, question, fresh, checks });
  const dice = rollDice(seed);

  await trials.rehearse();
  await trials.rehearse();
  const faults = FAULTS.filter(({ part }) => values.only === undefined || part === values.only);
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const fault of faults) await trials.run(fault, dice.unit());
  }
  await leaveNothing(robot, temporary);
}

/** After Ctrl-C. */
async function leaveNothing(robot: Robot, temporary: string): Promise<void> {
  const run = await robot.runFile();
  const pids = [run.broker.pid, ...Object.values(run.services)].filter((pid) => pid !== undefined);
  const family = (await Promise.all(pids.map(familyOf))).flat();
  await robot.stop();
  const alive = (await allProcesses()).filter(({ pid }) => family.some((one) => one.pid === pid));
  checks.check("no process stays", alive.length === 0, alive.map(({ command }) => command).join("; "));
  const files = (await readdir(temporary)).filter((name) => !name.startsWith("node-compile-cache"));
  checks.check("no temporary file stays", files.length === 0, files.join(" "));
}
