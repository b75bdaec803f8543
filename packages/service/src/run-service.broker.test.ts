import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { HealthPing } from "@ts-tars/contracts";
import {
  openBroker,
  plantedSecret,
  type RawClient,
  rawClient,
  recorder,
  type TestBroker,
  within,
} from "@ts-tars/harness";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";

const SECRET = plantedSecret("sunflower");

const PARROT = fileURLToPath(new URL("./parrot.fixture.ts", import.meta.url));
const HEALTH = "system/health/parrot";
const Enveloped = z.object({ data: z.looseObject({}), correlation_id: z.string().optional() });

let broker: TestBroker;
let witness: RawClient;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  broker = await openBroker();
});
afterAll(() => broker[Symbol.asyncDispose]());
beforeEach(async () => {
  witness = await rawClient({ url: broker.url });
  // What a test before this one left behind would be taken for an answer.
  await witness.publish(HEALTH, "", { retain: true });
  await witness.subscribe([HEALTH, "tts/status"]);
});
afterEach(async () => {
  for (const child of running) child.kill("SIGKILL");
  await witness.end();
});

/** A parrot in a process of its own, and everything it says there. */
function startParrot({
  args = [],
  env = {},
  ipc = false,
}: {
  args?: string[];
  env?: Record<string, string>;
  ipc?: boolean;
} = {}) {
  const child = spawn(process.execPath, ["--conditions=ts-tars-source", PARROT, ...args], {
    // A client id of its own: the session of an earlier parrot would bring its messages along.
    env: {
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      HOME: "/nonexistent",
      MQTT_URL: broker.url,
      MQTT_CLIENT_ID: `parrot-${randomUUID()}`,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe", ipc ? "ipc" : "ignore"],
  });
  running.add(child);
  const lines = recorder<string>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => text.split("\n").filter(Boolean).forEach(lines.push));
  }
  const exited = once(child, "exit").then(([code, signal]) => {
    running.delete(child);
    return (code ?? signal) as number | string; // Node gives one of the two
  });
  return { child, lines, exit: () => within(15_000, exited, () => `the process runs on:\n${lines.seen.join("\n")}`) };
}

const health = async (wanted: (ping: HealthPing) => boolean): Promise<HealthPing> => {
  const read = (text: string) => (text === "" ? undefined : HealthPing.parse(Enveloped.parse(JSON.parse(text)).data));
  const message = await witness.received.until(({ topic, text }) => {
    const ping = topic === HEALTH ? read(text) : undefined;
    return ping !== undefined && wanted(ping);
  });
  return HealthPing.parse(read(message.text));
};
const isReady = ({ ok, event }: HealthPing) => ok && event === "ready";
const tell = (text: string, correlation_id?: string) =>
  witness.publish("tts/say", {
    id: Math.random().toString(16).slice(2).padEnd(32, "0"),
    type: "tts.say",
    ts: Date.now() / 1_000,
    source: "test",
    ...(correlation_id !== undefined && { correlation_id }),
    data: { text },
  });

test("a service says that it is ready: on standard output, and in its health with pid, version, boot and session", async () => {
  const { child, lines } = startParrot();

  const ping = await health(isReady);

  await lines.until((line) => line === "ready");
  expect(ping).toMatchObject({ ok: true, pid: child.pid, version: "0.1.0" });
  expect(ping.boot).toMatch(/^[0-9a-f]{32}$/u);
  expect(ping.session).toMatch(/^[0-9a-f]{16}$/u);
});

test("over an IPC channel the service tells its supervisor that it is ready", async () => {
  const { child } = startParrot({ ipc: true });

  const [message] = await within(15_000, once(child, "message"));

  expect(message).toEqual({ type: "ready", service: "parrot" });
});

test.each([
  ["SIGTERM", 0],
  ["SIGINT", 0],
] as const)("at %s the service stops in order, says so in its health, and exits with 0", async (signal, code) => {
  const { child, exit } = startParrot();
  await health(isReady);

  child.kill(signal);

  expect(await exit()).toBe(code);
  expect(await health(({ event }) => event === "shutdown")).toMatchObject({ ok: false });
});

test("when the process that started it is gone, the service ends", async () => {
  const { child, exit } = startParrot({ ipc: true });
  await health(isReady);

  child.disconnect();

  expect(await exit()).toBe(0);
});

test("the broker tells of a killed service by its last will, with the session of its birth", async () => {
  const { child } = startParrot();
  const born = await health(isReady);

  child.kill("SIGKILL");

  expect(await health(({ event }) => event === "lost")).toMatchObject({
    ok: false,
    session: born.session,
    boot: born.boot,
  });
});

test("health is published again when it changes: degraded with reason and remedy, details, and well again", async () => {
  startParrot();
  await health(isReady);

  await tell("degrade");
  const degraded = await health(({ event }) => event === "degraded");
  await tell("detail");
  const detailed = await health(({ detail }) => detail?.["engine"] === "null");
  await tell("recover");
  const well = await health(({ event, detail }) => event === "ready" && detail !== undefined);

  expect(degraded).toMatchObject({ ok: true, degraded: ["No voice is installed. Install espeak-ng."] });
  expect([detailed.session, well.session]).toEqual([degraded.session, degraded.session]);
});

test("what the loop publishes carries the correlation id of the message that caused it", async () => {
  startParrot();
  await health(isReady);

  await tell("first", "turn-a");
  await tell("second", "turn-b");

  const answers = await witness.received.untilAll(
    (seen) => seen.filter(({ topic }) => topic === "tts/status").length === 2,
  );
  const turns = answers
    .filter(({ topic }) => topic === "tts/status")
    .map(({ text }) => Enveloped.parse(JSON.parse(text)))
    .map(({ data, correlation_id }) => [data["text"], correlation_id]);
  expect(turns).toEqual([
    ["first", "turn-a"],
    ["second", "turn-b"],
  ]);
});

test("wrong settings are all told at once, without a secret, before anything connects, with exit code 78", async () => {
  const { lines, exit } = startParrot({
    args: ["--perches=none", "--sufix", SECRET],
    env: { PARROT_SEED: SECRET, PARROT_SEED_FILE: "/x", MQTT_KEEPALIVE: "0" },
  });

  expect(await exit()).toBe(78);

  const said = lines.seen.join("\n");
  expect(said).toContain('--perches is "none"');
  expect(said).toContain("--sufix is not an option. Did you mean suffix?");
  expect(said).toContain("PARROT_SEED and PARROT_SEED_FILE are both set");
  expect(said).toContain('MQTT_KEEPALIVE is "0"');
  expect(said).not.toContain(SECRET);
});

test("a rejection that nobody handled is logged and ends the service in order, with exit code 70", async () => {
  const { lines, exit } = startParrot();
  await health(isReady);

  await tell("crash");

  expect(await exit()).toBe(70);
  expect(lines.seen.join("\n")).toMatch(/"uncaught exception"/u);
  expect(await health(({ event }) => event === "shutdown")).toMatchObject({ ok: false });
});

test("a service that ends by itself is a fault, with exit code 70", async () => {
  const { exit } = startParrot();
  await health(isReady);

  await tell("leave");

  expect(await exit()).toBe(70);
});

test("a second signal ends the process at once, with 128 and the signal's number", async () => {
  const { child, exit, lines } = startParrot();
  await health(isReady);
  await tell("hang");
  await witness.received.until(({ topic, text }) => topic === "tts/status" && text.includes("hang"));

  child.kill("SIGTERM");
  await lines.until((line) => line.includes('"stopping"'));
  child.kill("SIGINT");

  expect(await exit()).toBe(130);
});

test("a broker that refuses the password for good ends the service with exit code 69", async () => {
  await using guarded = await openBroker({ password: true });
  const { exit, lines } = startParrot({ env: { MQTT_URL: guarded.url, MQTT_USERNAME: "me", MQTT_PASSWORD: SECRET } });

  expect(await exit()).toBe(69);
  expect(lines.seen.join("\n")).not.toContain(SECRET);
});

test("a service whose broker is not there yet waits for it", async () => {
  await using late = await openBroker();
  await late.stop();
  const { child, exit, lines } = startParrot({ env: { MQTT_URL: late.url } });

  await late.start();

  await lines.until((line) => line === "ready");
  child.kill("SIGTERM");
  expect(await exit()).toBe(0);
});

test("--help prints every flag with its meaning and variable", async () => {
  const { exit, lines } = startParrot({ args: ["--help"] });

  expect(await exit()).toBe(0);
  expect(lines.seen.join("\n")).toMatch(/--perches +How many perches\. \(PARROT_PERCHES\)/u);
  expect(lines.seen.join("\n")).toMatch(/--seed-file .*PARROT_SEED/u);
});
