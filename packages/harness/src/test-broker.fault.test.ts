import { expect, onTestFinished, test } from "vitest";
import { until } from "./deadline.ts";
import { leakCheck } from "./leak-check.ts";
import { type RawClientOptions, rawClient } from "./raw-client.ts";
import { openBroker, type TestBroker, type TestBrokerOptions } from "./test-broker.ts";

async function open(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const broker = await openBroker(options);
  onTestFinished(() => broker[Symbol.asyncDispose]());
  return broker;
}

async function dial(options: RawClientOptions) {
  const client = await rawClient(options);
  onTestFinished(() => client.drop());
  return client;
}

const KINDS = ["mosquitto", "aedes"] as const;

async function retain(broker: TestBroker, text: string): Promise<void> {
  const writer = await dial({ url: broker.url, protocolVersion: 4 });
  await writer.publish("state", text, { retain: true });
  await writer.end();
}

/** What is retained now, read behind a fence. */
async function retained(broker: TestBroker): Promise<readonly string[]> {
  const reader = await dial({ url: broker.url, protocolVersion: 4 });
  await reader.subscribe("state");
  await reader.publish("state", "fence");
  const read = await reader.received.takeThrough(({ text }) => text === "fence");
  return read.map(({ text }) => text).slice(0, -1);
}

test.each(KINDS)("%s keeps its port and its store through a restart", async (kind) => {
  const broker = await open({ kind, persistence: true });
  const { port, url } = broker;
  await retain(broker, "kept");

  await broker.restart({ store: "same" });

  expect(broker).toMatchObject({ port, url, isRunning: true });
  expect(await retained(broker)).toEqual(["kept"]);
});

test.each(KINDS)("%s forgets everything when its store is emptied", async (kind) => {
  const broker = await open({ kind, persistence: true });
  await retain(broker, "forgotten");

  await broker.restart({ store: "emptied" });

  expect(await retained(broker)).toEqual([]);
});

test.each(KINDS)("%s without persistence forgets everything at a restart", async (kind) => {
  const broker = await open({ kind });
  await retain(broker, "forgotten");

  await broker.restart();

  expect(await retained(broker)).toEqual([]);
  await expect(broker.restart({ store: "same" })).rejects.toThrow(/keeps nothing over its end/);
});

test.each(KINDS)("%s that was killed refuses until it is started again", async (kind) => {
  const broker = await open({ kind });
  const client = await dial({ url: broker.url, protocolVersion: 4 });

  const exit = await broker.kill();
  await until(() => !client.mqtt.connected);
  expect(exit?.signal).toBe("SIGKILL");
  expect(broker.isRunning).toBe(false);
  await expect(rawClient({ url: broker.url, protocolVersion: 4 })).rejects.toThrow(/ECONNREFUSED/);
  await broker.start();

  expect((await dial({ url: broker.url, protocolVersion: 4 })).mqtt.connected).toBe(true);
  await expect(broker.start()).rejects.toThrow("runs already");
});

test("A paused broker keeps connections open and answers nothing until it is resumed", async () => {
  const broker = await open();
  const client = await dial({ url: broker.url });
  await client.subscribe("a");

  broker.pause();
  const confirmed = client.publish("a", "late");
  await expect(rawClient({ url: broker.url, deadlineMs: 100 })).rejects.toThrow(/CONNACK/);
  expect(client.mqtt.connected).toBe(true);
  expect(client.received.seen).toEqual([]);
  broker.resume();

  await confirmed;
  expect((await client.received.next()).text).toBe("late");
});

test("A paused broker can be stopped", async () => {
  const broker = await open();
  broker.pause();

  expect(await broker.stop()).toMatchObject({ requested: true, code: 0 });
});

test.each(KINDS)("%s with a password lets nobody else in, also after a restart", async (kind) => {
  const broker = await open({ kind, password: true });
  const as = (mqttOptions: object) => rawClient({ url: broker.url, protocolVersion: 4, mqttOptions });

  await broker.restart();

  await using known = await as({ ...broker.credentials });
  expect(known.mqtt.connected).toBe(true);
  await expect(as({})).rejects.toThrow(/refused/);
});

test.each(KINDS)("%s has a WebSocket listener when asked for one, also after a restart", async (kind) => {
  const broker = await open({ kind, ws: true });

  await broker.restart({ how: "kill" });

  const client = await dial({ url: broker.websocketUrl ?? "", protocolVersion: 4 });
  await client.publish("a", "b");
  expect(client.mqtt.connected).toBe(true);
});

test("TLS is spoken with certificates made for the test, on localhost and 127.0.0.1", async () => {
  const broker = await open({ tls: true });
  const ca = broker.certificates?.caPem ?? "";

  for (const host of ["localhost", "127.0.0.1"]) {
    await using client = await rawClient({ url: `mqtts://${host}:${broker.port}`, mqttOptions: { ca } });
    expect(client.mqtt.connected).toBe(true);
  }

  await expect(rawClient({ url: broker.url })).rejects.toThrow(/self-signed certificate/);
});

test("A client certificate is required when the broker is told to", async () => {
  const broker = await open({ tls: "client_certificate" });
  const { caPem: ca = "", clientCertPem: cert = "", clientKeyPem: key = "" } = broker.certificates ?? {};

  await using known = await rawClient({ url: broker.url, mqttOptions: { ca, cert, key } });

  expect(known.mqtt.connected).toBe(true);
  await expect(rawClient({ url: broker.url, mqttOptions: { ca } })).rejects.toThrow();
});

test("A window of one holds the second message back until the first is acknowledged", async () => {
  const broker = await open({ maxInflight: 1 });
  const client = await dial({ url: broker.url, protocolVersion: 4 });
  await client.subscribe("n");
  const held = new Promise<() => void>((resolve) => {
    client.mqtt.handleMessage = (_packet, done) => resolve(() => done());
  });

  const peer = await dial({ url: broker.url });
  await Promise.all([peer.publish("n", "1"), peer.publish("n", "2")]);
  const release = await held;
  expect(client.received.seen.map(({ text }) => text)).toEqual(["1"]);
  client.mqtt.handleMessage = (_packet, done) => done();
  release();

  expect((await client.received.take(2)).map(({ text }) => text)).toEqual(["1", "2"]);
});

test.each(KINDS)("Disposing %s leaves no process, socket or timer behind", async (kind) => {
  const leaks = leakCheck();
  const broker = await openBroker({ kind, ws: true });
  const client = await rawClient({ url: broker.url, protocolVersion: 4 });

  await broker[Symbol.asyncDispose]();
  await client.end();

  await leaks.expectNothingLeft();
  expect(broker.isRunning).toBe(false);
});

test("The embedded broker says that it cannot be paused and has no TLS", async () => {
  const broker = await open({ kind: "aedes" });

  expect(() => broker.pause()).toThrow(/put a link before it/);
  await expect(openBroker({ kind: "aedes", tls: true })).rejects.toThrow(/no TLS/);
});
