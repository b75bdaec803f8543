import { writeFileSync } from "node:fs";
import { type ConfigSetReply, configCurrent } from "@ts-tars/contracts";
import { fence, rawClient, within } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { openSettingsStage, type SettingsStage } from "./settings-stage.fixture.ts";

const saved = (applied: readonly string[], restart: readonly string[] = []): object => ({
  ...{ result: "saved", applied, restart, problems: [] },
});
const problemsOf = ({ result, problems }: ConfigSetReply) =>
  result === "refused" ? problems.map(({ problem }) => problem) : [];

/** What the service says it runs with, once it says so. */
const untilCurrent = (stage: SettingsStage, key: string, wanted: object) =>
  stage.currents.until(({ settings }) => JSON.stringify(settings[key]) === JSON.stringify(wanted));

test("a service tells its settings and what they are, retained, under the boot of its health", async () => {
  await using stage = await openSettingsStage({
    file: "parrot:\n  perches: 4\n",
    env: { PARROT_MOOD: "wild", MQTT_KEEPALIVE: "20" },
  });

  const [schema, current] = [await stage.schemas.next(), await stage.currents.next()];
  const health = await stage.healths.until(({ event }) => event === "ready");

  expect([schema.boot, current.boot]).toEqual([health.boot, health.boot]);
  expect(Object.keys(current.settings)).toEqual(Object.keys(schema.schema.properties));
  expect(current.file).toBe(stage.path);
  expect(current.settings).toMatchObject({
    perches: { value: 4, from: "file", where: "parrot.perches" },
    mood: { value: "wild", from: "env", where: "PARROT_MOOD" },
    log_level: { from: "default" },
    "log.level": { value: "info", from: "default" },
    "mqtt.keepalive": { value: 20, from: "env", where: "MQTT_KEEPALIVE" },
  });
  const retained = await stage.wire.until(({ topic }) => topic === "config/parrot/current");
  expect(retained.packet).toMatchObject({ retain: true, qos: 1 });
});

test("a change of a live setting reaches the running service, and the next one starts with it", async () => {
  await using stage = await openSettingsStage({ file: "# mine\nparrot:\n  mood: calm # always\n" });

  expect(await stage.set({ perches: 5 })).toMatchObject(saved(["perches"]));

  expect(await stage.taken.until((line) => line.startsWith("perches"))).toBe("perches 5");
  expect(await stage.readFile()).toBe("# mine\nparrot:\n  mood: calm # always\n  perches: 5\n");
  await untilCurrent(stage, "perches", { value: 5, from: "file", where: "parrot.perches" });
  await stage.world.stop("parrot");
  await stage.world.start("parrot");
  expect(stage.taken.seen.at(-1)).toContain('"perches":5');
});

test("what needs a restart is saved and told as pending, and is in effect after one", async () => {
  await using stage = await openSettingsStage({});

  expect(await stage.set({ mood: "wild", perches: "5" })).toMatchObject(saved(["perches"], ["mood"]));

  await untilCurrent(stage, "mood", { value: "calm", from: "default", pending: { value: "wild" } });
  await stage.world.stop("parrot");
  await stage.world.start("parrot");
  await untilCurrent(stage, "mood", { value: "wild", from: "file", where: "parrot.mood" });
  expect(stage.taken.seen.at(-1)).toContain('"mood":"wild"');
});

test("a setting that is set back before the restart needs none any more", async () => {
  await using stage = await openSettingsStage({});
  await stage.set({ mood: "wild" });

  expect(await stage.set({ mood: null })).toMatchObject(saved(["mood"]));

  await untilCurrent(stage, "mood", { value: "calm", from: "default" });
  expect(await stage.readFile()).not.toContain("mood");
});

test("a live setting that would break a rule beside one that waits, waits with it", async () => {
  await using stage = await openSettingsStage({});

  expect(await stage.set({ min_delay_sec: 6, max_delay_sec: 7 })).toMatchObject(
    saved([], ["min_delay_sec", "max_delay_sec"]),
  );
  expect(await stage.set({ min_delay_sec: 4 })).toMatchObject(saved(["min_delay_sec"]));
  expect(stage.taken.seen.filter((line) => line.startsWith("min"))).toEqual(["minDelaySec 4"]);
});

test("what the service cannot take while it runs waits for the restart", async () => {
  await using stage = await openSettingsStage({});

  expect(await stage.set({ greeting: "choke" })).toMatchObject(saved([], ["greeting"]));

  await untilCurrent(stage, "greeting", { value: "Hello.", from: "default", pending: { value: "choke" } });
});

test("a refusal has a sentence for each key, and nothing is changed", async () => {
  await using stage = await openSettingsStage({ file: "parrot:\n  perches: 4\n", env: { PARROT_MOOD: "wild" } });

  const reply = await stage.set({
    ...{ perches: 10, pearches: 1, mood: "calm", is_loud: { deep: true }, greeting: "Ahoy." },
    ...{ "mqtt.url": "mqtt://elsewhere", "log.level": "debug" },
  });

  expect(problemsOf(reply)).toEqual([
    'perches is "10": it must be a whole number in 1 … 9.',
    '"pearches" is not a setting of parrot. Did you mean perches?',
    "mood is fixed by PARROT_MOOD in the environment of parrot, which wins: change it there.",
    'is_loud is "{"deep":true}": it must be true, 1, yes, on, or false, 0, no, off.',
    `mqtt.url is of all services: set it in ${stage.path}, and start them all again.`,
    `log.level is of all services: set it in ${stage.path}, and start them all again. For this service alone set log_level.`,
  ]);
  expect(await stage.readFile()).toBe("parrot:\n  perches: 4\n");
  expect(stage.taken.seen).toHaveLength(1);
});

test("with a file that a person broke nothing is saved and nothing takes effect", async () => {
  await using stage = await openSettingsStage({ file: "parrot:\n  perches: 4\n" });
  writeFileSync(stage.path, 'parrot:\n  greeting: "open\n');

  const [problem] = problemsOf(await stage.set({ perches: 5 }));

  expect(problem).toMatch(/config\.yaml:\d+:\d+: not valid YAML: .* Mend the file first\.$/u);
  expect(await stage.readFile()).toBe('parrot:\n  greeting: "open\n');
  expect(stage.taken.seen).toHaveLength(1);
});

test("where the file cannot be written the cause is told, and nothing takes effect", async () => {
  await using stage = await openSettingsStage({ env: { XDG_CONFIG_HOME: "/proc/nowhere" } });

  const [problem] = problemsOf(await stage.set({ perches: 5 }));

  expect(problem).toMatch(/^\/proc\/nowhere\/ts-tars\/config\.yaml cannot be written: /u);
  expect(stage.taken.seen).toHaveLength(1);
});

test("every service has a log level of its own that takes effect at once, and gives it back", async () => {
  await using stage = await openSettingsStage({});
  const isTaken = (line: string): boolean => line.includes("greeting taken");
  await stage.set({ greeting: "one" });

  expect(await stage.set({ log_level: "debug" })).toMatchObject(saved(["log_level"]));
  await stage.set({ greeting: "two" });
  expect(await stage.set({ log_level: null })).toMatchObject(saved(["log_level"]));
  await stage.set({ greeting: "three" });

  expect(stage.logLines.seen.filter(isTaken).map((line) => JSON.parse(line).greeting)).toEqual(["two"]);
});

test("the changes of two services to the one file lose nothing of each other", async () => {
  await using stage = await openSettingsStage({ services: ["parrot", "wren"] });

  const replies = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      stage.set({ greeting: `${index}`, perches: 1 + index }, index % 2 === 0 ? "parrot" : "wren"),
    ),
  );

  expect(replies.map(({ result }) => result)).toEqual(Array.from({ length: 8 }, () => "saved"));
  const file = await stage.readFile();
  expect(file).toContain('parrot:\n  greeting: "6"\n  perches: 7\n');
  expect(file).toContain('wren:\n  greeting: "7"\n  perches: 8\n');
});

test("two people who change different settings at the same time both have theirs, in order, without a version", async () => {
  await using stage = await openSettingsStage({});

  await Promise.all([stage.set({ perches: 5 }), stage.set({ is_loud: true }), stage.set({ perches: 6 })]);

  expect(await stage.readFile()).toBe("parrot:\n  perches: 6\n  is_loud: true\n");
  expect(stage.taken.seen.slice(1)).toEqual(["perches 5", "perches 6"]);
});

test("what a former life left behind is of another boot than the health", async () => {
  await using stage = await openSettingsStage({});
  const before = await stage.currents.next();
  await stage.world.stop("parrot");

  const left = await retainedCurrent(stage);
  await stage.world.start("parrot");
  const health = await stage.healths.until(({ boot, event }) => event === "ready" && boot !== before.boot);
  const after = await stage.currents.until(({ boot }) => boot !== before.boot);

  expect(left.boot).toBe(before.boot);
  expect([before.boot === health.boot, after.boot === health.boot]).toEqual([false, true]);
});

async function retainedCurrent(stage: SettingsStage): Promise<{ readonly boot: string }> {
  const found = Promise.withResolvers<{ readonly boot: string }>();
  const subscription = stage.client.subscribe(configCurrent, ({ data, retained }) => {
    if (retained) found.resolve(data);
  });
  try {
    return await within(10_000, found.promise);
  } finally {
    await subscription.stop();
  }
}

test("the reference's messages, on either of its topics, change nothing", async () => {
  await using stage = await openSettingsStage({});
  const update = { service: "parrot", config: { perches: 9 }, version: 2, config_epoch: "e", checksum: null };
  await using manager = await rawClient({ url: stage.url });

  await manager.publish("config/update", { ...update, signature: "AAAA" });
  await manager.publish("system/config/parrot", update);
  await stage.set({ perches: 5 });

  await fence(stage.taken, {
    publish: async () => {
      await stage.taken.takeThrough((line) => line === "perches 5");
      await stage.set({ perches: 6 });
    },
    isMarker: (line) => line === "perches 6",
  });
  expect(stage.taken.seen).not.toContain("perches 9");
});

test("the embedded broker carries a change as well", async () => {
  await using stage = await openSettingsStage({ kind: "aedes" });

  expect(await stage.set({ perches: 5, mood: null, words: ["a"] })).toMatchObject(
    saved(["perches", "mood"], ["words"]),
  );

  await untilCurrent(stage, "perches", { value: 5, from: "file", where: "parrot.perches" });
});
