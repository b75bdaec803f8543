import mqtt from "mqtt";
import { expect, onTestFinished, test } from "vitest";
import { until } from "./deadline.ts";
import { rawClient } from "./raw-client.ts";
import { recorder } from "./recorder.ts";
import { openScriptedBroker, type Script } from "./scripted-broker.ts";

async function open(script: Script) {
  const broker = await openScriptedBroker(script);
  onTestFinished(() => broker.close());
  return broker;
}

test.each([
  { protocolVersion: 4 as const, connack: { returnCode: 1 }, message: /Unacceptable protocol version/ },
  { protocolVersion: 5 as const, connack: { reasonCode: 0x88 }, message: /Server unavailable/i },
  { protocolVersion: 5 as const, connack: { reasonCode: 0x84 }, message: /Unsupported Protocol Version/i },
])("A CONNECT can be refused with $connack on protocol version $protocolVersion", async (refusal) => {
  const broker = await open(async (peer) => {
    await peer.accept(refusal.connack);
    peer.end();
  });

  const { protocolVersion } = refusal;
  await expect(rawClient({ url: broker.url, protocolVersion })).rejects.toThrow(refusal.message);
});

test("A peer can stay silent after the CONNECT", async () => {
  const broker = await open(async (peer) => void (await peer.expect("connect")));

  await expect(rawClient({ url: broker.url, deadlineMs: 100 })).rejects.toThrow(/CONNACK/);
  const peer = await broker.peers.next();
  expect(peer.packets.seen).toMatchObject([{ cmd: "connect", protocolVersion: 5 }]);
});

test("A peer can grant a window, take publishes and answer them as it likes", async () => {
  const broker = await open(async (peer) => {
    const connect = await peer.accept({ properties: { receiveMaximum: 3, maximumPacketSize: 1_000 } });
    expect(connect.clientId).toBe("asker");
    const publish = await peer.expect("publish");
    peer.send({ cmd: "puback", messageId: publish.messageId ?? 0, reasonCode: 0x97 });
  });
  await using client = await rawClient({ url: broker.url, clientId: "asker" });

  await expect(client.publish("a", "b")).rejects.toThrow(/quota exceeded/i);
});

test("A peer can take over a session with DISCONNECT 0x8E", async () => {
  const broker = await open(async (peer) => {
    await peer.accept();
    await peer.expect("subscribe");
    peer.send({ cmd: "disconnect", reasonCode: 0x8e });
    peer.end();
  });
  const disconnects = recorder<number | undefined>();
  const client = mqtt.connect(broker.url, { protocolVersion: 5, reconnectPeriod: 0 });
  onTestFinished(() => void client.end(true));
  client.on("disconnect", ({ reasonCode }) => disconnects.push(reasonCode));

  client.subscribe("a");

  expect(await disconnects.next()).toBe(0x8e);
});

test("A peer can send bytes that are no MQTT", async () => {
  const broker = await open(async (peer) => {
    await peer.accept();
    await peer.expect("publish");
    peer.sendBytes(Uint8Array.of(0xf0, 0xff, 0xff, 0xff, 0xff, 0x7f));
  });
  await using client = await rawClient({ url: broker.url });
  const errors = recorder<Error>();

  client.mqtt.on("error", errors.push);
  client.mqtt.publish("a", "b");

  expect((await errors.next()).message).not.toBe("");
});

test("A peer that resets is seen as a reset, and its own view closes", async () => {
  const broker = await open(async (peer) => {
    await peer.accept();
    peer.reset();
  });
  await using client = await rawClient({ url: broker.url });

  await until(() => !client.mqtt.connected);

  await (await broker.peers.next()).closed;
  expect(client.mqtt.connected).toBe(false);
});

test("What a script throws is thrown when the broker is closed", async () => {
  const broker = await openScriptedBroker(async (peer) => {
    await peer.accept();
    throw new Error("the script failed");
  });
  await using client = await rawClient({ url: broker.url });

  await expect(broker.close()).rejects.toThrow("the script failed");
  await until(() => !client.mqtt.connected);
});
