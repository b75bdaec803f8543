/**
 * The main job on real input: a fresh clone, `npm start`, a typed question, an answer through real services.
 *
 *   node --conditions=ts-tars-source e2e/accept-ask.ts [--broker embedded|mosquitto] [--seed N]
 *
 * Without `--broker` both are tried, each in a clone of its own. Exit code 1 when anything does not hold.
 */
import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { type Checks, openChecks } from "./support/checks.ts";
import { eavesdrop, isAlive, type Overheard, plainEnv, type Robot, startRobot } from "./support/robot.ts";
import { askTheTime } from "./support/time-questions.ts";

const run = promisify(execFile);
const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const { values } = parseArgs({ options: { broker: { type: "string" }, seed: { type: "string" } } });
const brokers = values.broker === undefined ? ["embedded", "mosquitto"] : [values.broker];
const seed = Number(values.seed ?? randomInt(2 ** 31));
const write = (line: string): void => void process.stdout.write(`${line}\n`);

write(`accept:ask, seed ${seed}`);
const checks = openChecks(write);
for (const broker of brokers) await acceptWith(broker, checks);
process.exitCode = checks.failures() === 0 ? 0 : 1;

async function acceptWith(broker: string, checks: Checks): Promise<void> {
  const { check } = checks;
  write(`— broker: ${broker}`);
  const directory = await mkdtemp(join(tmpdir(), "ts-tars-accept-"));
  try {
    const checkout = join(directory, "ts-tars");
    await run("git", ["clone", "--quiet", root, checkout]);
    const env =
      broker === "embedded" ? { TARS_BROKER: "embedded", TARS_NO_SYSTEM_INSTALL: "1" } : { TARS_BROKER: "mosquitto" };
    const { stdout: oldNode } = await run("node", ["--version"], { env: plainEnv() });
    {
      await using robot = await startRobot({ checkout, env, readyWithinMs: 240_000 });
      check(`npm start in a fresh clone reaches "ready" with ${oldNode.trim()} on the PATH`, true);
      await checkChain(robot, checks);
      await checkLostRouter(robot, checks);
      await checkStop(robot, checks);
    }
    await using robot = await startRobot({ checkout, env, args: ["--without", "router"] });
    for (const answer of await askTheTime(robot, { checkout, seed })) {
      check(
        `"${answer.question}" at ${answer.fakeNow} in ${answer.timeZone} is answered with ${answer.expected}`,
        answer.isRight,
        answer.text,
      );
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** One question; the record of a foreign client shows who said what. */
async function checkChain(robot: Robot, checks: Checks): Promise<void> {
  const { check } = checks;
  await using bus = await eavesdrop(await robot.runFile());
  const asked = await robot.tars(["ask", "--json", "what time is it"]);
  check("tars ask --json exits with 0", asked.code === 0, asked.stderr.trim());
  const ask = await bus.until(({ topic }) => topic === "turn/ask");
  const turn = String(ask.data["utt_id"]);
  const final = await bus.until(
    ({ topic, data }) => topic === "turn/answer" && data["utt_id"] === turn && data["final"] === true,
  );
  const ended = await bus.until(
    ({ topic, data }) => topic === "tts/status" && data["utt_id"] === turn && data["event"] === "speaking_end",
  );
  const said = await bus.until(({ topic, data }) => topic === "tts/say" && data["utt_id"] === turn);
  const chain: readonly Overheard[] = [ask, said, ended, final];
  check(
    "turn/ask → tts/say → tts/status → turn/answer carry one utt_id",
    chain.every(({ data }) => data["utt_id"] === turn),
    turn,
  );
  check(
    "the envelope's correlation id is the turn",
    chain.every(({ envelope, topic }) => topic === "turn/ask" || envelope?.["correlation_id"] === turn),
  );
  await checkPids(robot, chain, checks);
}

async function checkPids(robot: Robot, chain: readonly Overheard[], { check }: Checks): Promise<void> {
  const health: readonly { readonly service: string; readonly ok: boolean; readonly pid: number }[] = JSON.parse(
    (await robot.tars(["health", "--json"])).stdout,
  );
  const sources = new Set(chain.slice(1).map(({ envelope }) => String(envelope?.["source"])));
  const pids = [...sources].map((source) => health.find(({ service }) => service === source)?.pid ?? 0);
  const areAlive = pids.length >= 2 && pids.every((pid) => pid > 0 && isAlive(pid));
  check(
    "the chain's sources are services with distinct, living pids",
    areAlive && new Set(pids).size === pids.length,
    [...sources].map((source, index) => `${source} ${pids[index]}`).join(", "),
  );
}

/** A dead router is named, and comes back by itself. */
async function checkLostRouter(robot: Robot, { check }: Checks): Promise<void> {
  const { services } = await robot.runFile();
  const pid = services["router"] ?? 0;
  process.kill(pid, "SIGKILL");
  const failed = await robot.tars(["ask", "what time is it"]);
  check(
    "with the router killed, tars ask fails and names it",
    failed.code !== 0 && /router/.test(failed.stderr),
    failed.stderr.trim(),
  );
  await using bus = await eavesdrop(await robot.runFile());
  await bus.until(
    ({ topic, data }) => topic === "system/health/router" && data["ok"] === true && data["pid"] !== pid,
    60_000,
  );
  const again = await robot.tars(["ask", "what time is it"]);
  check("the router comes back by itself and answers", again.code === 0, again.stdout.trim());
}

/** Ctrl-C leaves nothing behind: no service, no broker, no run.json. */
async function checkStop(robot: Robot, { check }: Checks): Promise<void> {
  const { services, broker } = await robot.runFile();
  const pids = [...Object.values(services), ...(broker.pid === undefined ? [] : [broker.pid])];
  await robot.stop();
  const isGone = await robot.runFile().then(
    () => false,
    () => true,
  );
  check("Ctrl-C ends npm start with everything it started", isGone && !pids.some(isAlive), `${pids.length} processes`);
}
