/** A secret that is set over the bus: it arrives in the file, and is seen nowhere else. */
import { statSync, writeFileSync } from "node:fs";
import { type ConfigSetReply, configSet } from "@ts-tars/contracts";
import { plantedSecret, type RawMessage, rawClient } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { openSettingsStage, type SettingsStage } from "./settings-stage.fixture.ts";

const SECRET = plantedSecret();
const REQUEST = configSet.at({ service: "parrot" }).request.filter;
const isLetter = ({ topic }: RawMessage): boolean => topic.startsWith("dead/parrot/");

/** Everything that was said and logged and kept, without the request itself, which has to say it. */
async function everythingTold(stage: SettingsStage, replies: readonly ConfigSetReply[]): Promise<string> {
  await using late = await rawClient({ url: stage.url });
  await late.subscribe("#", { qos: 1 });
  await late.publish("fence", "fence");
  const kept = await late.received.takeThrough(({ topic }) => topic === "fence");
  const said = stage.wire.seen.filter(({ topic }) => topic !== REQUEST);
  expect(kept.map(({ topic }) => topic)).toContain("config/parrot/current");
  expect(said.length).toBeGreaterThan(3);
  return [
    ...said.map(({ text }) => text),
    ...kept.map(({ text }) => text),
    ...stage.logLines.seen,
    JSON.stringify(replies),
  ].join("\n");
}

test("is saved in a file that is its owner's alone, told as set, and read at the next start", async () => {
  await using stage = await openSettingsStage({ file: "# mine\nparrot:\n  mood: calm\n" });
  await stage.set({ log_level: "trace" });

  const reply = await stage.set({ api_key: SECRET });

  expect(reply).toMatchObject({ result: "saved", applied: [], restart: ["api_key"] });
  await stage.currents.until(({ settings }) => settings["api_key"]?.pending?.value === "set");
  expect(await stage.readFile()).toContain(`api_key: ${SECRET}\n`);
  expect(statSync(stage.path).mode & 0o777).toBe(0o600);
  await stage.world.stop("parrot");
  await stage.world.start("parrot");
  expect(stage.taken.seen.at(-1)).toContain('"hasKey":true');
  await stage.currents.until(({ settings }) => settings["api_key"]?.value === "set");
  expect(await everythingTold(stage, [reply])).not.toContain(SECRET);
});

test("that is refused is not repeated: not with a wrong kind, not when the file cannot be changed", async () => {
  await using stage = await openSettingsStage({ file: "parrot:\n  mood: calm\n" });
  await stage.set({ log_level: "trace" });

  const wrong = await stage.set({ api_key: [SECRET], mood: "sad" });
  writeFileSync(stage.path, "parrot:\n  mood: calm\n  mood: wild\n");
  const broken = await stage.set({ api_key: SECRET });

  expect([wrong.result, broken.result]).toEqual(["refused", "refused"]);
  expect(await everythingTold(stage, [wrong, broken])).not.toContain(SECRET);
});

test("in a message that breaks its contract is dead-lettered with the length of its field alone", async () => {
  await using stage = await openSettingsStage({});
  await stage.set({ log_level: "trace" });
  await using clumsy = await rawClient({ url: stage.url });

  const envelope = { id: "0".repeat(32), type: "config.set", ts: 1, source: "clumsy" };
  await clumsy.publish(REQUEST, { ...envelope, data: { values: SECRET } });
  await clumsy.publish(REQUEST, { values: { api_key: SECRET } });
  await clumsy.publish(REQUEST, `{"values": "${SECRET}`);
  await stage.wire.untilAll((seen) => seen.filter(isLetter).length === 3);

  const told = await everythingTold(stage, []);
  expect(told).toContain(`"fields":{"values":${SECRET.length}}`);
  expect(told).not.toContain(SECRET);
});

test("whose setting is fixed elsewhere is refused with the name of that, and neither value", async () => {
  await using stage = await openSettingsStage({ env: { SEED_API_KEY: `old-${SECRET}` } });

  const reply = await stage.set({ api_key: SECRET });

  expect(reply.problems.map(({ problem }) => problem)).toEqual([
    "api_key is fixed by SEED_API_KEY in the environment of parrot, which wins: change it there.",
  ]);
  expect(await everythingTold(stage, [reply])).not.toContain(SECRET);
});
