import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type HealthPing,
  type IntentsCurrent,
  intentsCurrent,
  llmRequest,
  systemHealth,
  type TtsControlCommand,
  ttsControl,
} from "@ts-tars/contracts";
import { recorder } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { openStage } from "./stage.fixture.ts";

const ALL = ["tts-worker", "llm-worker", "stt-worker"] as const;

test("the intents are published as a grammar with a version", async () => {
  await using stage = await openStage();
  const published = recorder<IntentsCurrent>();

  await stage.client.subscribe(intentsCurrent, ({ data }) => published.push(data)).active;

  const { jsgf, words, version } = await published.next();
  expect(jsgf).toContain("public <command> =");
  expect(words).toContainEqual({ word: "tars", phones: "T AA R Z" });
  expect(version).toMatch(/^[0-9a-f]{16}$/);
});

test("a volume in words sets the loudspeaker of its site, from what its health told", async () => {
  await using stage = await openStage({ workers: ALL });
  const controls = recorder<TtsControlCommand>();
  await stage.client.subscribe(ttsControl, ({ data }) => controls.push(data)).active;

  const uttId = stage.ask("turn it down by thirty percent", { speak: "no" });

  expect(await controls.next()).toMatchObject({ action: "volume", volume: 0.7, site_id: "default" });
  expect(await stage.final(uttId)).toMatchObject({
    ...{ text: "Volume 70 percent.", intent: "volume_down", slots: { percent: "30" } },
  });
});

test("what the robot cannot do yet is answered plainly, with the intent and its slots", async () => {
  await using stage = await openStage();

  const look = await stage.final(stage.ask("what do you see", { speak: "no" }));
  const turn = await stage.final(stage.ask("turn left by ninety degrees", { speak: "no" }));

  expect(look).toMatchObject({ path: "intent", text: "I have no eyes yet.", slots: {} });
  expect(turn).toMatchObject({ path: "intent", text: "I cannot move yet.", slots: { direction: "left", angle: "90" } });
});

test("stop ends what runs and what waits, and says nothing", async () => {
  await using stage = await openStage({ workers: ALL });
  const running = stage.ask("tell me a story");
  await stage.requests.next();

  const uttId = stage.ask("Stop!");

  expect(await stage.final(running)).toMatchObject({ path: "cancelled" });
  expect(await stage.final(uttId)).toMatchObject({ path: "intent", text: "Stopped.", intent: "stop" });
  expect(stage.says.seen).toEqual([]);
});

test("yes and no are the model's to answer, with a hint, and named in the final answer", async () => {
  await using stage = await openStage({ workers: ["llm-worker"] });
  const hints = recorder<string | undefined>();
  await stage.client.subscribe(llmRequest, ({ data }) => hints.push(data.system)).active;

  stage.ask("Yes, please.");

  expect(await hints.next()).toMatch(/agrees/);
});

test("a broken intents file is told in the health with its line, and the robot goes on with its own", async () => {
  const folder = await mkdtemp(join(tmpdir(), "intents-"));
  const path = join(folder, "mine.yaml");
  await writeFile(path, "intents:\n  joke: 7\n");
  try {
    await using stage = await openStage({ env: { ROUTER_INTENTS: path } });
    const healths = recorder<HealthPing>();
    await stage.client.subscribe(systemHealth.at({ service: "router" }), ({ data }) => healths.push(data)).active;

    expect(await stage.final(stage.ask("what time is it", { speak: "no" }))).toMatchObject({ intent: "time" });
    const { degraded } = await healths.until((health) => health.degraded !== undefined);

    expect(degraded?.join(" ")).toMatch(/mine\.yaml is not usable: line 1: not_built.*line 2: intents\.joke/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
