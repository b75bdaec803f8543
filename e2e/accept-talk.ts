/**
 * A robot in a room: a microphone and a loudspeaker of a real PulseAudio, a voice that asks into the one, and ears at the other.
 *
 *   node --conditions=ts-tars-source e2e/accept-talk.ts
 *
 * The room's microphone is a loudspeaker that nobody hears, looped back; what the robot says is recorded where it comes out, and has to
 * be understood there by a recogniser that knows nothing of the robot. Exit code 1 when anything does not hold.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { encodeWav, joinPcm, readProgram, SampleReader, startProgram } from "@ts-tars/audio";
import { type PulseServer, startPulseServer } from "@ts-tars/audio/pulse-server.fixture";
import { until } from "@ts-tars/harness";
import { openBusWitness } from "./support/bus-witness.ts";
import { openChecks } from "./support/checks.ts";
import { speakWithFlite } from "./support/flite.ts";
import { type Robot, startRobot } from "./support/robot.ts";

/** What the voice asks, and what must be heard of the answer, among the words of the recogniser. */
const QUESTIONS = [
  { words: "what day is it", intent: "date", answer: /\bit is \w+day\b/u },
  { words: "what time is it", intent: "time", answer: /\bit is\b/u },
  { words: "what can you do", intent: "help", answer: /\byou can ask me\b/u },
] as const;

const ROOM_MICROPHONE = "room_microphone";
const ANSWER_LIMIT_MS = 60_000;

const root = resolve(import.meta.dirname, "..");
const write = (line: string): void => void process.stdout.write(`${line}\n`);
const checks = openChecks(write);
write("accept:talk");
await accept();
process.exitCode = checks.failures() === 0 ? 0 : 1;

async function accept(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "ts-tars-talk-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const pulse = stack.use(await startPulseServer());
  await openRoom(pulse);
  // The voice that a recogniser can read.
  const env = { PULSE_SERVER: pulse.env.PULSE_SERVER, TTS_ENGINE: "flite" };
  const robot = stack.use(await startRobot({ checkout: root, env, args: ["--mic"] }));
  // The loop itself is none of these: it has no client.
  const isRecorded = async (): Promise<boolean> =>
    (await pulse.pactl("list", "short", "source-outputs")).includes("protocol-native");

  checks.check("tars up --mic opens the microphone", await holds(isRecorded));
  for (const question of QUESTIONS) await talk({ pulse, robot, directory }, question);
  await robot.tars(["mic", "off"]);
  checks.check("tars mic off closes it", await holds(async () => !(await isRecorded())));
  const { stdout } = await robot.tars(["listen", "--json"]);
  checks.check("a closed microphone is told", /privacy/u.test(stdout), stdout.trim().slice(0, 200));
  await robot.tars(["mic", "on"]);
  checks.check("tars mic on opens it again", await holds(isRecorded));
  await talk({ pulse, robot, directory }, QUESTIONS[1]);
}

/** A microphone for everybody: what is played into its loudspeaker is heard in the room. */
async function openRoom({ pactl }: PulseServer): Promise<void> {
  await pactl("load-module", "module-null-sink", `sink_name=${ROOM_MICROPHONE}_in`, "rate=16000", "channels=1");
  await pactl(
    "load-module",
    "module-remap-source",
    `master=${ROOM_MICROPHONE}_in.monitor`,
    `source_name=${ROOM_MICROPHONE}`,
  );
  await pactl("set-default-source", ROOM_MICROPHONE);
}

interface Scene {
  readonly pulse: PulseServer;
  readonly robot: Robot;
  readonly directory: string;
}

async function talk(
  { pulse, robot, directory }: Scene,
  { words, intent, answer }: (typeof QUESTIONS)[number],
): Promise<void> {
  const path = join(directory, `${intent}.wav`);
  await speakWithFlite(words, path);
  await using bus = await openBusWitness(await robot.runFile());
  await using ears = await listenAt(pulse, pulse.monitor);
  const listening = robot.tars(["listen", "--json"], { deadlineMs: ANSWER_LIMIT_MS });
  await bus.said.until(({ topic, data }) => topic === "stt/state/default" && data["grant"] === "open");
  await run(pulse, ["paplay", `--device=${ROOM_MICROPHONE}_in`, path]);
  const { stdout } = await listening;
  const said = JSON.parse(stdout); // its own --json
  const understood = said.ok === true && said.intent === intent;
  checks.check(`"${words}" is understood in the room`, understood, `${said.transcript}: ${said.answer ?? said.error}`);
  const heard = join(directory, `${intent}.answer.wav`);
  await writeFile(heard, encodeWav([ears.heard()]));
  const read = await recognised(heard);
  checks.check("the loudspeaker says the answer", answer.test(read), read);
}

interface Ears extends AsyncDisposable {
  /** Int16Array, mono, 16 000 Hz. */
  readonly heard: () => Int16Array;
}

async function listenAt({ env }: PulseServer, source: string): Promise<Ears> {
  const owner = new AbortController();
  const program = await startProgram({
    command: ["parec", `--device=${source}`, "--raw", "--rate=16000", "--channels=1", "--format=s16le"],
    signal: owner.signal,
    pipes: ["stdout"],
    env,
  });
  const samples = new SampleReader();
  const chunks: Int16Array[] = [];
  const reading = (async () => {
    for await (const bytes of program.stdout) chunks.push(samples.push(bytes));
  })();
  await until(() => chunks.length > 0);
  return {
    heard: () => joinPcm(chunks),
    [Symbol.asyncDispose]: async () => {
      owner.abort();
      await program.ended;
      await reading.catch(() => undefined);
    },
  };
}

async function recognised(path: string): Promise<string> {
  const command = ["pocketsphinx_continuous", "-infile", path, "-logfn", "/dev/null"] as const;
  const reading = await readProgram({ command, signal: new AbortController().signal, timeoutMs: ANSWER_LIMIT_MS });
  return reading.output.replaceAll(/\s+/gu, " ").trim();
}

async function run({ env }: PulseServer, command: readonly [string, ...string[]]): Promise<void> {
  const { end, lastLines } = await readProgram({
    command,
    env,
    signal: new AbortController().signal,
    timeoutMs: 20_000,
  });
  if (end.kind !== "exited" || end.code !== 0) throw new Error(`${command[0]} failed: ${lastLines.join(" ")}`);
}

/** Whether it becomes so. */
async function holds(look: () => Promise<boolean>): Promise<boolean> {
  return await until(look, { deadlineMs: 20_000 }).then(
    () => true,
    () => false,
  );
}
