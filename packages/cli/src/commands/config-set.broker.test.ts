import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configCurrent, systemHealth } from "@ts-tars/contracts";
import { openBroker, openWorld, plantedSecret, type TestBroker } from "@ts-tars/harness";
import { connect } from "@ts-tars/mqtt";
import { ConfigurationError, startService } from "@ts-tars/service";
import { ttsWorkerService } from "@ts-tars/tts-worker";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { NoAnswerError, NothingRunsError, ServiceMissingError, UsageError } from "../errors.ts";
import { getConfig } from "./config.ts";
import { setConfig } from "./config-set.ts";
import { openTerminal, type Terminal } from "./terminal.fixture.ts";

const SECRET = plantedSecret("sunflower");

let broker: TestBroker;
beforeAll(async () => {
  broker = await openBroker();
});
afterAll(() => broker[Symbol.asyncDispose]());

const fileOf = ({ context }: Terminal): string => join(context.env["XDG_CONFIG_HOME"] ?? "", "ts-tars", "config.yaml");
const set = ({ context }: Terminal, section: string, ...words: readonly string[]) =>
  setConfig(context, { section, words }, {});

/** A terminal beside a tts-worker that reads the same file. */
async function besideTts(env: Readonly<Record<string, string>> = {}): Promise<Terminal> {
  const terminal = openTerminal({ MQTT_URL: broker.url });
  const own = { TTS_ENGINE: "silent", TTS_SINK: "null", TARS_LOG_LEVEL: "silent", ...env };
  const sources = { env: { ...terminal.context.env, ...own } };
  const world = await openWorld({
    services: { tts: (lifetime) => startService(ttsWorkerService, { lifetime, sources }) },
  });
  onTestFinished(() => world.stop());
  return terminal;
}

test("a running service changes and saves what is set, and says what waits for its next start", async () => {
  const terminal = await besideTts();

  expect(await set(terminal, "tts-worker", "volume=0.5", "lang=de")).toBe(0);

  expect(terminal.lines.seen).toEqual([
    "In effect: volume.",
    "lang: saved, and takes effect when tts-worker is started again.",
  ]);
  expect(readFileSync(fileOf(terminal), "utf8")).toBe("tts-worker:\n  volume: 0.5\n  lang: de\n");
});

test("get shows what the running service works with, and what waits", async () => {
  const terminal = await besideTts({ TTS_SITE_COUNT: "3" });
  await set(terminal, "tts-worker", "volume=0.5", "lang=de");

  expect(await getConfig(terminal.context, "tts-worker", {})).toBe(0);

  const shown = terminal.lines.seen.map((line) => line.split(/ {2,}/u));
  expect(shown).toContainEqual(["volume", "0.5", "file", "tts-worker.volume"]);
  expect(shown).toContainEqual(["lang", "en", "default", "de at the next start"]);
  expect(shown).toContainEqual(["site_count", "3", "env", "TTS_SITE_COUNT"]);
  expect(shown).toContainEqual(["mqtt.url", broker.url, "env", "MQTT_URL"]);
});

test("what a running service refuses is told in its words, once each", async () => {
  const terminal = await besideTts();

  const change = set(terminal, "tts-worker", "volume=2", "volme=1", "engine=silent");

  await expect(change).rejects.toThrow(ConfigurationError);
  await expect(change).rejects.toMatchObject({
    problems: [
      'volume is "2": it must be a number in 0 … 1 (0 is silent, 1 is full).',
      '"volme" is not a setting of tts-worker. Did you mean volume?',
      "engine is fixed by TTS_ENGINE in the environment of tts-worker, which wins: change it there.",
    ],
  });
});

test("with nothing running the file is changed by the same rules", async () => {
  const terminal = openTerminal({ TTS_LANG: "en" });

  await expect(set(terminal, "tts-worker", "volume=2")).rejects.toThrow(/volume is "2": it must be a number/u);
  expect(await set(terminal, "tts-worker", "volume=0.5")).toBe(0);

  expect(terminal.lines.seen).toEqual([`volume: saved in ${fileOf(terminal)}, and takes effect at the next start.`]);
  expect(readFileSync(fileOf(terminal), "utf8")).toBe("tts-worker:\n  volume: 0.5\n");
});

test("what all services share is changed in the file, also while they run", async () => {
  const terminal = await besideTts();

  expect(await set(terminal, "log", "level=warn")).toBe(0);

  expect(readFileSync(fileOf(terminal), "utf8")).toBe("log:\n  level: warn\n");
});

test("a secret is read from standard input, and shown to nobody", async () => {
  const terminal = openTerminal({}, `${SECRET}\n`);

  expect(await set(terminal, "llm-worker", "api_key", "model=llama3")).toBe(0);

  const path = fileOf(terminal);
  expect(readFileSync(path, "utf8")).toBe(`llm-worker:\n  model: llama3\n  api_key: ${SECRET}\n`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect([...terminal.lines.seen, ...terminal.errors.seen].join("\n")).not.toContain(SECRET);
});

test("a secret is read from a file, and refused on the command line or when there is none", async () => {
  const terminal = openTerminal({});
  const secretFile = join(terminal.context.env["XDG_CONFIG_HOME"] ?? "", "key.txt");
  writeFileSync(secretFile, `${SECRET}\n`);
  const key = { section: "llm-worker", words: ["api_key"] };

  await expect(set(terminal, "llm-worker", `api_key=${SECRET}`)).rejects.toThrow(UsageError);
  await expect(set(terminal, "llm-worker", "api_key")).rejects.toThrow(/nothing on standard input for api_key/u);
  await expect(setConfig(terminal.context, key, { secretFile: `${secretFile}.none` })).rejects.toThrow(/ENOENT/u);
  expect(await setConfig(terminal.context, key, { secretFile })).toBe(0);

  expect(readFileSync(fileOf(terminal), "utf8")).toContain(`api_key: ${SECRET}\n`);
});

test("a section that there is none of is named, with the one that was probably meant", async () => {
  await expect(set(openTerminal({}), "tts-wroker", "volume=1")).rejects.toThrow(
    '"tts-wroker" is not a section. Did you mean tts-worker?',
  );
});

test("a service that is not there is named, and the way to change its file is", async () => {
  const terminal = openTerminal({ MQTT_URL: broker.url });

  await expect(set(terminal, "stt-worker", "spectrum=on")).rejects.toThrow(ServiceMissingError);
  await expect(set(terminal, "stt-worker", "spectrum=on")).rejects.toThrow(/tars config set --file stt-worker/u);
  expect(await setConfig(terminal.context, { section: "stt-worker", words: ["spectrum=on"] }, { file: true })).toBe(0);

  expect(readFileSync(fileOf(terminal), "utf8")).toBe("stt-worker:\n  spectrum: true\n");
});

test("a broker that does not answer is told, with the way to change the file all the same", async () => {
  await using gone = await openBroker();
  await gone.stop();
  const change = set(openTerminal({ MQTT_URL: gone.url }), "tts-worker", "volume=1");

  await expect(change).rejects.toThrow(NothingRunsError);
  await expect(change).rejects.toThrow(/With --file/u);
});

test("settings that a former life of the service left behind are not shown", async () => {
  const { context } = openTerminal({ MQTT_URL: broker.url });
  const owl = { service: "owl" };
  await using client = connect({ url: broker.url });
  const left = {
    boot: "a".repeat(32),
    file: "/etc/tars.yaml",
    settings: { volume: { value: 1, from: "file" } },
  } as const;
  await client.publishConfirmed(configCurrent.at(owl), left);

  for (const [boot, isShown] of [
    ["f".repeat(32), false],
    [left.boot, true],
  ] as const) {
    await client.publishConfirmed(systemHealth.at(owl), { ok: true, event: "ready", boot, session: "0".repeat(16) });
    const shown = getConfig(context, "owl", {});
    if (isShown) await expect(shown).resolves.toBe(0);
    else await expect(shown).rejects.toThrow(NoAnswerError);
  }
});

test("with --json the outcome is one object", async () => {
  const terminal = await besideTts();

  await setConfig(terminal.context, { section: "tts-worker", words: ["volume=0.5", "lang=de"] }, { json: true });

  expect(terminal.json()).toEqual({
    ...{ ok: true, section: "tts-worker", by: "service", applied: ["volume"], restart: ["lang"] },
  });
});
