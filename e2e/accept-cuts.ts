/**
 * A broker killed and restarted between any two messages of a spoken turn: the turn is answered, or ends with a reason that is
 * spoken or shown, within its deadline.
 *
 *   node --conditions=ts-tars-source e2e/accept-cuts.ts [--seed N] [--count 20]
 *
 * A rehearsal without a cut tells how many messages a turn has; each cut then falls behind one of them, drawn by the seed. Exit code
 * 1 when anything does not hold.
 */
import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { turnListen } from "@ts-tars/contracts";
import { until } from "@ts-tars/harness";
import { type Client, connect } from "@ts-tars/mqtt";
import { rawTopic } from "@ts-tars/mqtt/contract";
import { rollDice } from "../bench/scorecard/dice.ts";
import { openChecks } from "./support/checks.ts";
import { speakWithFlite } from "./support/flite.ts";
import { isAlive, type Robot, type RunFile, startRobot } from "./support/robot.ts";

/** What a turn may take with a broker that comes back: the recogniser's, the model's and the speech's deadlines together. */
const TURN_DEADLINE_MS = 100_000;
/** Sound is no message of the turn, and health is none of anybody's. */
const NO_MESSAGE = /^(audio|system|dead|config|intents)\//u;

const root = resolve(import.meta.dirname, "..");
const { values } = parseArgs({ options: { seed: { type: "string" }, count: { type: "string", default: "20" } } });
const seed = Number(values.seed ?? randomInt(2 ** 32));
const count = Number(values.count);
const write = (line: string): void => void process.stdout.write(`${line}\n`);

write(`accept:cuts, seed ${seed}`);
const checks = openChecks(write);
await accept();
process.exitCode = checks.failures() === 0 ? 0 : 1;

async function accept(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "ts-tars-cuts-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const question = join(directory, "question.wav");
  await speakWithFlite("what time is it", question);
  const robot = stack.use(await startRobot({ checkout: root, env: { TTS_SINK: "null", STT_SOURCE: "none" } }));
  const dice = rollDice(seed);

  const rehearsal = await turn(robot, question, undefined);
  checks.check("a turn without a cut is answered", rehearsal.outcome === "answered", rehearsal.told);
  write(`       a turn has ${rehearsal.messageCount} messages`);
  for (let cut = 1; cut <= count; cut += 1) {
    const behind = Math.floor(dice.between([1, rehearsal.messageCount + 1]));
    const { outcome, told, cutBehind } = await turn(robot, question, behind);
    checks.check(`cut ${cut}, behind message ${behind} (${cutBehind})`, outcome !== "silent", told);
  }
}

interface TurnResult {
  readonly messageCount: number;
  /** The topic of the message behind which the broker was killed. */
  readonly cutBehind: string;
  readonly outcome: "answered" | "reason" | "silent";
  readonly told: string;
}

async function turn(robot: Robot, question: string, cutBehind: number | undefined): Promise<TurnResult> {
  const run = await robot.runFile();
  const topics: string[] = [];
  await using client = await listenTo(run, (topic) => {
    // What comes before belongs to a turn before.
    if (topics.length === 0 && topic !== turnListen.name) return;
    topics.push(topic);
    const pid = run.broker.pid;
    if (topics.length === cutBehind && pid !== undefined) process.kill(pid, "SIGKILL");
  });
  const startedAtMs = performance.now();
  const result = await robot.tars(["hear", question, "--json", "--timeout", "90", "--out", `${question}.answer.wav`], {
    deadlineMs: TURN_DEADLINE_MS + 20_000,
  });
  const tookMs = performance.now() - startedAtMs;
  await until(async () => isAlive((await robot.runFile()).broker.pid ?? 0));
  await client.ready({ signal: AbortSignal.timeout(20_000) });
  return {
    messageCount: topics.length,
    cutBehind: topics[(cutBehind ?? 0) - 1] ?? "",
    ...judge(result.stdout, tookMs),
  };
}

function judge(stdout: string, tookMs: number): Pick<TurnResult, "outcome" | "told"> {
  const said: unknown = JSON.parse(stdout.trim() === "" ? "{}" : stdout);
  const { ok, answer, error } = said as { ok?: boolean; answer?: string; error?: string | { message: string } }; // its own --json
  const reason = typeof error === "object" ? error.message : error;
  const told = `${answer ?? reason ?? "nothing"}, after ${(tookMs / 1_000).toFixed(1)} s`;
  if (tookMs > TURN_DEADLINE_MS) return { outcome: "silent", told };
  if (ok === true) return { outcome: "answered", told };
  return { outcome: (reason ?? "") === "" ? "silent" : "reason", told };
}

/** Hears every message of the bus but sound and health. */
async function listenTo({ url, username, password }: RunFile, hear: (topic: string) => void): Promise<Client> {
  const credentials =
    username === undefined ? {} : { credentials: { username, ...(password !== undefined && { password }) } };
  const client = connect({ url, source: "accept-cuts", cleanStart: true, control: false, ...credentials });
  const subscription = client.subscribe(rawTopic("#"), ({ topic, retained }) => {
    if (!retained && !NO_MESSAGE.test(topic)) hear(topic);
  });
  await subscription.active;
  return client;
}
