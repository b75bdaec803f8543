import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rawClient, recorder } from "@ts-tars/harness";
import { expect, onTestFinished, test } from "vitest";
import { type ManagedBrokerOptions, startManagedBroker } from "./managed.ts";
import type { BrokerState } from "./supervise.ts";

async function start(options: Omit<ManagedBrokerOptions, "directory" | "onState">) {
  const directory = await mkdtemp(join(tmpdir(), "ts-tars-managed-"));
  const states = recorder<BrokerState>(({ kind }) => kind);
  const managed = await startManagedBroker({ ...options, directory, onState: states.push });
  onTestFinished(async () => {
    await managed.broker.stop();
    await rm(directory, { recursive: true, force: true });
  });
  return { ...managed, states };
}

test("The broker of choice is Mosquitto where it is installed, the embedded one where that is asked for", async () => {
  const [auto, embedded] = await Promise.all([start({ choice: "auto" }), start({ choice: "embedded" })]);

  expect(auto.broker.kind).toBe("mosquitto");
  expect(embedded.broker.kind).toBe("aedes");
});

test.each(["mosquitto", "embedded"] as const)(
  "A managed %s broker lets nobody in without its password",
  async (choice) => {
    const { broker, credentialsOf } = await start({ choice });
    const credentials = credentialsOf();

    await using allowed = await rawClient({ url: broker.url, protocolVersion: 4, mqttOptions: { ...credentials } });

    expect(allowed.mqtt.connected).toBe(true);
    expect(credentials.password).toMatch(/^[\w-]{32}$/);
    await expect(rawClient({ url: broker.url, protocolVersion: 4 })).rejects.toThrow(/refused/);
  },
);

test("A managed Mosquitto that is killed comes back on its port with its store and its password", async () => {
  const { broker, credentialsOf, states } = await start({ choice: "mosquitto" });
  const credentials = credentialsOf();
  const connection = { url: broker.url, mqttOptions: { ...credentials } };
  const session = { clientId: "sleeper", clean: false };
  const before = await rawClient({
    ...connection,
    ...session,
    mqttOptions: { ...credentials, properties: { sessionExpiryInterval: 600 } },
  });
  await before.subscribe("later");
  await before.end();
  const up = await states.until(({ kind }) => kind === "up");
  const pid = up.kind === "up" ? up.broker.pid : undefined;

  process.kill(pid ?? Number.NaN, "SIGKILL");
  const [, , again] = await states.take(3);
  await using after = await rawClient({ ...connection, ...session });

  expect(again).toMatchObject({ kind: "up", broker: { port: broker.port } });
  expect(again?.kind === "up" && again.broker.pid).not.toBe(pid);
  expect(after.mqtt.connected).toBe(true);
});
