/** The health of a service as the reference's tests have it, seen by somebody else at the broker. */
import { HealthPing, systemHealth } from "@ts-tars/contracts";
import {
  openBroker,
  openLink,
  type RawClient,
  type RawMessage,
  rawClient,
  type TestBroker,
  within,
} from "@ts-tars/harness";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { defineConfig } from "../config/define.ts";
import { aborted } from "../lifetime.ts";
import { createLog } from "../log.ts";
import { defineService } from "../service-definition.ts";
import { startService } from "../start-service.ts";

const TOPIC = systemHealth.at({ service: "parrot" }).filter;
const Envelope = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  type: z.string(),
  ts: z.number(),
  source: z.string(),
  data: HealthPing,
});

const parrot = defineService({
  name: "parrot",
  topics: {},
  config: defineConfig({ name: "parrot", prefix: "PARROT", fields: {} }),
  create:
    () =>
    async ({ stop, ready }) => {
      ready();
      await aborted(stop);
    },
});

let broker: TestBroker;
let witness: RawClient;
beforeEach(async () => {
  broker = await openBroker();
  witness = await rawClient({ url: broker.url });
  await witness.subscribe("#", { qos: 1, rap: true });
});
afterEach(async () => {
  await witness.end();
  await broker[Symbol.asyncDispose]();
});

const healthOf = ({ text }: RawMessage) => Envelope.parse(JSON.parse(text));
const isHealth = ({ topic }: RawMessage) => topic === TOPIC;

/** A whole life of the parrot: started, ready, heard, told to stop, ended. */
async function live(
  env: Readonly<Record<string, string>> = {},
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<void> {
  const stop = new AbortController();
  const ready = Promise.withResolvers<void>();
  const ended = startService(parrot, {
    lifetime: { stop: stop.signal, ready: () => ready.resolve() },
    sources: { env: { XDG_CONFIG_HOME: "/nonexistent", MQTT_URL: broker.url, MQTT_ENABLE_HEARTBEAT: "true", ...env } },
    log: createLog({ name: "test", level: "silent" }),
  });
  await within(10_000, Promise.race([ready.promise, ended]));
  // It has connected, whether it tells its health or not.
  await witness.received.until(({ topic }) => topic === "system/keepalive/tars-parrot");
  await meanwhile();
  stop.abort();
  await within(10_000, ended);
}

test("health is a retained message of QoS 1 in an envelope, on the topic of its service", async () => {
  await live();

  const { packet, topic } = await witness.received.until(isHealth);
  expect([topic, packet.qos, packet.retain]).toEqual(["system/health/parrot", 1, true]);
  expect(healthOf(await witness.received.until(isHealth)).source).toBe("parrot");
});

test("the type of health is health.status, and what is wrong stands in its member err", async () => {
  await using link = await openLink({ target: broker.target });
  const isLost = (message: RawMessage) => isHealth(message) && healthOf(message).data.event === "lost";

  await live({ MQTT_URL: link.url }, async () => {
    link.cut();
    await witness.received.until(isLost);
  });

  const { type, data } = healthOf(await witness.received.until(isLost));
  expect([type, data.ok, data.err]).toEqual(["health.status", false, "The connection to the broker broke."]);
});

test("in its life a service tells its health at least twice: that it is ready, and that it goes", async () => {
  await live();

  await witness.received.until((message) => isHealth(message) && healthOf(message).data.event === "shutdown");
  const said = witness.received.seen.filter(isHealth).map((message) => healthOf(message).data);
  expect(said.length).toBeGreaterThanOrEqual(2);
  expect(said.some(({ ok, event }) => ok && event === "ready")).toBe(true);
  expect(said.at(-1)).toMatchObject({ ok: false, event: "shutdown" });
});

/** All that was told of the parrot's health has the five keys, and only members that the reference's model has. */
function expectStrictHealth(): void {
  const known = ["message_id", "ok", "event", "err", "timestamp"];
  for (const { text } of witness.received.seen.filter(isHealth)) {
    const { data, ...around }: Record<string, unknown> = JSON.parse(text);
    expect(Object.keys(around).toSorted()).toEqual(["id", "source", "ts", "type"]);
    expect(Object.keys(Object(data)).filter((name) => !known.includes(name))).toEqual([]);
  }
}

const tells = (event: string) => (message: RawMessage) => isHealth(message) && healthOf(message).data.event === event;

test("for strict peers health has the five keys and the reference's members alone, alive and at its end", async () => {
  await live({ MQTT_COMPAT: "five-keys" });

  await witness.received.until(tells("ready"));
  await witness.received.until(tells("shutdown"));
  expectStrictHealth();
});

test("for strict peers a last will has the five keys and the reference's members alone", async () => {
  await using link = await openLink({ target: broker.target });

  await live({ MQTT_URL: link.url, MQTT_COMPAT: "five-keys" }, async () => {
    link.cut();
    await witness.received.until(tells("lost"));
  });

  expectStrictHealth();
});

test("with its health switched off a service publishes none, neither alive nor at its end", async () => {
  await live({ MQTT_ENABLE_HEALTH: "false" });

  await witness.publish("test/fence", "");
  const before = await witness.received.takeThrough(({ topic }) => topic === "test/fence");
  expect(before.map(({ topic }) => topic)).toContain("system/keepalive/tars-parrot");
  expect(before.filter(isHealth)).toEqual([]);
});
