/** Services in processes of their own, as `tars up` starts them: they rehearse, and nobody hears it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openBroker, type RawClient, rawClient, recorder, type TestBroker, within } from "@ts-tars/harness";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";

const Line = z.looseObject({ msg: z.string() });
type Line = z.output<typeof Line>;

let broker: TestBroker;
let witness: RawClient;
let folder: string;
let child: ChildProcess | undefined;

beforeAll(async () => {
  broker = await openBroker();
});
afterAll(() => broker[Symbol.asyncDispose]());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rehearsal-"));
  witness = await rawClient({ url: broker.url });
  await witness.subscribe(["#"]);
});
afterEach(async () => {
  child?.kill("SIGKILL");
  await witness.end();
  await rm(folder, { recursive: true, force: true });
});

function start(service: string, env: Readonly<Record<string, string>>) {
  const main = fileURLToPath(new URL(`../services/${service}/src/main.ts`, import.meta.url));
  const own = spawn(process.execPath, ["--conditions=ts-tars-source", main], {
    env: {
      ...{ NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"], PATH: process.env["PATH"], HOME: folder },
      ...{ XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder, MQTT_URL: broker.url, TARS_LOG_LEVEL: "debug" },
      ...{ STT_SOURCE: "none", STT_MODEL_DIR: "/nonexistent", TTS_ENGINE: "silent", TTS_SINK: "null" },
      ...env,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  child = own;
  const lines = recorder<Line>(({ msg }) => msg);
  let rest = "";
  own.stderr.setEncoding("utf8").on("data", (text: string) => {
    const whole = `${rest}${text}`.split("\n");
    rest = whole.pop() ?? "";
    for (const line of whole) lines.push(Line.parse(JSON.parse(line)));
  });
  return { lines, exited: once(own, "exit"), kill: () => own.kill("SIGTERM") };
}

const REHEARSED = /rehears/;

test.each(["router", "llm-worker", "tts-worker", "stt-worker"])(
  "%s rehearses behind its start, and nothing of it is on the bus",
  async (service) => {
    const { lines, exited, kill } = start(service, { REHEARSAL_ENABLED: "true" });

    const line = await lines.until(({ msg }) => REHEARSED.test(msg), { deadlineMs: 45_000 });
    kill();
    const [code] = await within(15_000, exited);

    expect(line).toMatchObject({ msg: "rehearsed", level: "debug", rounds: expect.any(Number) });
    expect(line["rounds"]).toBeGreaterThan(10);
    expect(lines.seen.filter(({ msg }) => REHEARSED.test(msg))).toHaveLength(1);
    expect(code).toBe(0);
    const health = `system/health/${service}`;
    await witness.received.until(({ topic, text }) => topic === health && text.includes("shutdown"));
    const turns = /^(?:turn\/(?!state)|stt\/(?!state\/default)|tts\/|wake\/|audio\/|llm\/|system\/dead)/;
    expect(witness.received.seen.map(({ topic }) => topic).filter((topic) => turns.test(topic))).toEqual([]);
    // Of these every start tells: of a rehearsal there would be hundreds.
    expect(witness.received.seen.length).toBeLessThan(40);
    expect(await readdir(folder)).toEqual([]);
  },
);
