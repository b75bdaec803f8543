import { leakCheck, rawClient } from "@ts-tars/harness";
import { expect, onTestFinished, test } from "vitest";
import { type AedesOptions, startAedes } from "./aedes.ts";
import { createAedesStore } from "./aedes-store.ts";
import { accepts } from "./port.ts";

async function start(options: AedesOptions = {}) {
  const broker = await startAedes(options);
  onTestFinished(async () => void (await broker.kill()));
  return broker;
}

test("The embedded broker carries a message on MQTT 3.1.1 over TCP and over WebSocket", async () => {
  const broker = await start({ websocketPort: "free" });
  await using listener = await rawClient({ url: broker.websocketUrl ?? "", protocolVersion: 4 });
  await using speaker = await rawClient({ url: broker.url, protocolVersion: 4 });

  await listener.subscribe("greeting");
  await speaker.publish("greeting", "hello");

  expect((await listener.received.next()).text).toBe("hello");
});

test("The embedded broker refuses MQTT 5", async () => {
  const broker = await start();

  await expect(rawClient({ url: broker.url, protocolVersion: 5 })).rejects.toThrow();
});

test("The embedded broker lets in who knows the password only, and answers others with return code 4", async () => {
  const user = { username: "tars", password: "secret" };
  const broker = await start({ users: [user] });
  const as = (mqttOptions: object) => rawClient({ url: broker.url, protocolVersion: 4, mqttOptions });

  await using allowed = await as(user);

  expect(allowed.mqtt.connected).toBe(true);
  await expect(as({ ...user, password: "wrong" })).rejects.toMatchObject({ code: 4 });
  await expect(as({ ...user, username: "other" })).rejects.toMatchObject({ code: 4 });
  await expect(as({})).rejects.toMatchObject({ code: 4 });
});

test("A start on a port in use fails by name", async () => {
  const broker = await start();

  await expect(startAedes({ port: broker.port })).rejects.toMatchObject({ reason: "port_in_use" });
});

test("Stopping the embedded broker closes its clients and leaves no socket and no timer behind", async () => {
  const leaks = leakCheck();
  const broker = await start({ websocketPort: "free" });
  const client = await rawClient({ url: broker.url, protocolVersion: 4 });
  const closed = new Promise<void>((resolve) => void client.mqtt.once("close", () => resolve()));

  const exit = await broker.stop();
  await closed;
  await client.end();

  expect(exit).toMatchObject({ requested: true, signal: null });
  expect(await broker.stop()).toEqual(exit);
  expect(await accepts(broker.host, broker.port)).toBe(false);
  await leaks.expectNothingLeft();
});

test("A store that outlives a killed broker keeps sessions, and gets none of the last wills", async () => {
  const store = createAedesStore();
  const first = await start({ store });
  const will = { topic: "health", payload: Buffer.from("lost"), qos: 1 as const, retain: true };
  const session = { protocolVersion: 4 as const, clientId: "sleeper", clean: false };
  const sleeper = await rawClient({ ...session, url: first.url, mqttOptions: { will } });
  await sleeper.subscribe("later");

  await first.kill();
  await sleeper.end();
  const second = await start({ store, port: first.port });
  await using writer = await rawClient({ url: second.url, protocolVersion: 4 });
  await writer.publish("later", "kept for you");
  await using back = await rawClient({ ...session, url: second.url });
  await back.subscribe("health");
  await writer.publish("health", "fence");

  expect(back.sessionPresent).toBe(true);
  const received = await back.received.take(2);
  expect(received.map(({ text }) => text).sort()).toEqual(["fence", "kept for you"]);
});
