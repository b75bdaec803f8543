import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configSet } from "@ts-tars/contracts";
import { expect, onTestFinished, test } from "vitest";
import { openStage } from "./stage.fixture.ts";

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "router-settings-"));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

test("name, clock and sentences are what the settings say from the next question on", async () => {
  const env = { XDG_CONFIG_HOME: await folder(), TARS_FAKE_NOW: "2031-05-06T21:07:00Z", TZ: "Asia/Tokyo" };
  await using stage = await openStage({ env });
  const ask = async (text: string) => (await stage.final(stage.ask(text, { speak: "no" }))).text;
  const before = [await ask("who are you"), await ask("what time is it"), await ask("why is the sky blue")];

  const values = { robot_name: "CASE", hours: "24", say_model_missing: "I have no model." };
  expect(await stage.client.request(configSet.at({ service: "router" }), { values })).toMatchObject({
    ...{ result: "saved", applied: Object.keys(values), restart: [] },
  });
  const after = [await ask("who are you"), await ask("what time is it"), await ask("why is the sky blue")];

  expect(before).toEqual([
    expect.stringContaining("TARS"),
    "It is 6:07 AM.",
    "I cannot think right now, because my language model is not running.",
  ]);
  expect(after).toEqual([expect.stringContaining("CASE"), "It is 06:07.", "I have no model."]);
});

test("what cannot be changed while it runs is not in effect, and the reply says so", async () => {
  await using stage = await openStage({ env: { XDG_CONFIG_HOME: await folder() } });

  const reply = await stage.client.request(configSet.at({ service: "router" }), { values: { site_count: 2 } });

  expect(reply).toMatchObject({ result: "saved", applied: [], restart: ["site_count"] });
});
