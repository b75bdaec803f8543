/**
 * Questions go on through five broker kills: real services, a real supervised Mosquitto that gets SIGKILL, and a record of
 * every packet by which each question that was not answered must be explained.
 *
 *   node --conditions=ts-tars-source e2e/accept-storm.ts [--seed N]
 *
 * A link stands before the broker for the asker, another one for all services. Exit code 1 when anything does not hold.
 */
import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type SupervisedBroker, startManagedBroker } from "@ts-tars/broker";
import { type Link, openLink, until } from "@ts-tars/harness";
import { type Dice, rollDice } from "../bench/scorecard/dice.ts";
import { ownAddress } from "../bench/scorecard/own-address.ts";
import { startPace } from "../bench/scorecard/peers/pace.ts";
import { memberOf, type ReadName, wireOf } from "../bench/scorecard/wire-record.ts";
import { type Checks, openChecks } from "./support/checks.ts";
import { startRobot } from "./support/robot.ts";
import { openAsker, type StormAsker } from "./support/storm-asker.ts";
import { type Ending, judgeStorm, nameOnHop } from "./support/storm-ledger.ts";

const KILL_COUNT = 5;
const QUESTIONS_PER_SECOND = 5;
/** So many final answers come before each kill, and after the last one; drawn from this range. */
const FINALS_BETWEEN = [15, 40] as const;
const FINALS_DEADLINE_MS = 60_000;
/** Longer than the router waits for a model whose request was lost, 20 s. */
const LAST_FINAL_MS = 30_000;
const ANSWERED_PERCENT = 95;

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const { values } = parseArgs({ options: { seed: { type: "string" } } });
const seed = Number(values.seed ?? randomInt(2 ** 32));
const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** The messages on the way of a question, by topic; of the answers only the final ones. */
const readName: ReadName = ({ topic, data }) => {
  const uttId = memberOf(data, topic.startsWith("llm/") ? "id" : "utt_id");
  if (typeof uttId !== "string" || (topic === "turn/answer" && memberOf(data, "final") !== true)) return undefined;
  return nameOnHop(topic, uttId);
};

write(`accept:storm, seed ${seed}`);
const checks = openChecks(write);
await accept(checks);
process.exitCode = checks.failures() === 0 ? 0 : 1;

async function accept(checks: Checks): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "ts-tars-storm-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const { broker, credentialsOf } = await startManagedBroker({ choice: "mosquitto", directory });
  const credentials = credentialsOf();
  stack.defer(() => broker.stop());
  const askerLink = stack.use(await openLink({ target: broker, host: ownAddress() }));
  const robotLink = stack.use(await openLink({ target: broker, host: ownAddress() }));
  const env = { MQTT_URL: robotLink.url, MQTT_USERNAME: credentials.username, MQTT_PASSWORD: credentials.password };
  stack.use(await startRobot({ checkout: root, env }));
  const asker = stack.use(await openAsker({ url: askerLink.url, credentials }));

  await rage(asker, { broker, dice: rollDice(seed) });

  const record = { asker: wireOf(askerLink, readName), robot: wireOf(robotLink, readName) };
  report(checks, judgeStorm(asker.questions(), record));
  const repeated = answeredAgain(robotLink);
  checks.check("the router never published a second final answer", repeated.length === 0, repeated.join(", "));
}

/** Asks at a steady pace and kills the broker five times; resolves when all are answered or will not be. */
async function rage(
  asker: StormAsker,
  { broker, dice }: { readonly broker: SupervisedBroker; readonly dice: Dice },
): Promise<void> {
  const calm = (): Promise<unknown> =>
    asker.finals.take(Math.round(dice.between(FINALS_BETWEEN)), { deadlineMs: FINALS_DEADLINE_MS });
  const stopAsking = startPace({ perSecond: QUESTIONS_PER_SECOND, act: asker.ask });
  try {
    for (let kill = 1; kill <= KILL_COUNT; kill += 1) {
      await calm();
      const pid = await until(() => (broker.state.kind === "up" ? broker.state.broker.pid : undefined));
      process.kill(pid, "SIGKILL");
      write(
        `       kill ${kill}, after ${asker.finals.seen.length} final answers to ${asker.questions().length} questions`,
      );
      await until(() => broker.state.kind === "down");
    }
    await calm();
  } finally {
    stopAsking();
  }
  const isAllAnswered = (): boolean => asker.questions().every(({ finals }) => finals.length > 0);
  // What is still missing then was lost, and the record must say where.
  await until(isAllAnswered, { deadlineMs: LAST_FINAL_MS }).catch(() => undefined);
}

function report({ check }: Checks, endings: ReadonlyMap<string, Ending>): void {
  const of = (ending: Ending): readonly string[] =>
    [...endings].flatMap(([uttId, each]) => (each === ending ? [uttId] : []));
  const none = (what: string, ending: Ending): void => check(what, of(ending).length === 0, of(ending).join(", "));
  const answered = of("answered").length;
  const percent = (100 * answered) / endings.size;
  const lost = `${of("lost_by_broker").length} lost by the broker, ${of("expired").length} expired`;
  check(
    `at least ${ANSWERED_PERCENT} % of the questions are answered`,
    percent >= ANSWERED_PERCENT,
    `${answered} of ${endings.size}, ${percent.toFixed(1)} %; ${lost}`,
  );
  none("no question has two final answers", "answered_twice");
  none("no question was superseded by another", "superseded");
  none("the packet record explains every error and every missing answer", "unexplained");
}

/** Turns with several final answers of different envelopes on the way to the broker. */
function answeredAgain(robotLink: Link): readonly string[] {
  const envelopes = new Map<string, Set<string>>();
  for (const { direction, packet } of robotLink.packets()) {
    if (direction !== "up" || packet?.cmd !== "publish" || packet.topic !== "turn/answer") continue;
    const envelope: unknown = JSON.parse(packet.payload.toString());
    const name = readName({ topic: packet.topic, data: memberOf(envelope, "data") });
    if (name === undefined) continue;
    envelopes.set(name, (envelopes.get(name) ?? new Set()).add(String(memberOf(envelope, "id"))));
  }
  return [...envelopes].flatMap(([name, ids]) => (ids.size > 1 ? [name] : []));
}
