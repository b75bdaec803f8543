/** Traps of the way out (T4, T5, T7, T9, T11, T16): each shown on MQTT.js as its users have it, then absent on ours. */
import { subscribe as subscribeToChannel, unsubscribe as unsubscribeFromChannel } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { openScriptedBroker, type RawMessage, recorder, type ScriptedPeer, until } from "@ts-tars/harness";
import mqtt, { type MqttClient } from "mqtt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mark, openClient, openSite, PROTOCOLS, type Site, standing, texts, word } from "./client.fixture.ts";
import { OutboxFullError } from "./errors.ts";

let site: Site;
const opened: MqttClient[] = [];
beforeEach(async () => {
  site = await openSite();
});
afterEach(async () => {
  for (const client of opened.splice(0)) client.end(true);
  await site[Symbol.asyncDispose]();
});

const VERSION = { "5": 5, "3.1.1": 4 } as const;
const textOf = ({ text }: RawMessage): string => JSON.parse(text).data.text;

/** MQTT.js as it comes, through the link; it need not connect. */
function rawThroughLink(options: mqtt.IClientOptions): MqttClient {
  const client = mqtt.connect(site.link.url, { reconnectPeriod: 20, ...options });
  client.on("error", () => undefined); // what it does then is the test's subject
  opened.push(client);
  return client;
}

/** Every TCP socket that this process dials from now on. */
function watchSockets() {
  const sockets = recorder<Socket>(({ remotePort }) => `to ${remotePort}`);
  const listener = (message: unknown): void => sockets.push((message as { readonly socket: Socket }).socket); // documented for this channel
  subscribeToChannel("net.client.socket", listener);
  return { sockets, [Symbol.dispose]: () => void unsubscribeFromChannel("net.client.socket", listener) };
}

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  const protocolVersion = VERSION[protocol];

  test("T4: in MQTT.js the offline queue has no bound, and past 65 535 messages it forgets some without a word", () => {
    site.link.down();
    const client = rawThroughLink({ protocolVersion });
    const errors = recorder<Error>();

    for (const text of texts(65_635))
      client.publish(word.filter, text, { qos: 1 }, (error) => error && errors.push(error));

    expect([Object.keys(client.outgoing).length, errors.seen.length]).toEqual([65_535, 0]);
  });

  test("T4: in ours the outbox is bounded and says so, and what it accepted arrives whole and in order", async () => {
    site.link.down();
    const { client, undelivered } = site.open({ protocol, outbox: { maxMessages: 1_000 } });
    const subscriber = await site.raw();
    await subscriber.subscribe(word.filter);

    for (const text of texts(1_000)) client.publish(word, { text });
    expect(() => client.publish(word, { text: "one too many" })).toThrow(OutboxFullError);
    await site.link.mend();
    const arrived = await subscriber.received.take(1_000);

    expect(arrived.map(textOf)).toEqual(texts(1_000));
    expect(undelivered.seen).toEqual([]);
  });

  test("T5: in MQTT.js a publishAsync made offline is pending for ever, also after the end", async () => {
    site.link.down();
    const client = rawThroughLink({ protocolVersion });

    const published = client.publishAsync(word.filter, "a", { qos: 1 });
    await client.endAsync(true);

    expect(await standing(published)).toBe("pending");
  });

  test("T5: in ours a confirmed publish made offline ends with its deadline, and all others with the client", async () => {
    site.link.down();
    const { client } = site.open({ protocol });

    const late = client.publishConfirmed(word, { text: "a" }, { timeoutMs: 20 });
    const closed = client.publishConfirmed(word, { text: "b" });
    closed.catch(() => undefined); // looked at below, when the client is closed

    await expect(late).rejects.toMatchObject({ code: "MQTT_UNDELIVERED", reason: "timeout", sent: "no" });
    await client.close();
    await expect(closed).rejects.toMatchObject({ code: "MQTT_UNDELIVERED", reason: "closed", sent: "no" });
  });

  test("T11: in MQTT.js every publish over the socket's bound adds a listener of its own for the drain", async () => {
    const client = rawThroughLink({ protocolVersion });
    await new Promise<void>((resolve) => void client.once("connect", () => resolve()));
    site.link.stall("up");

    for (const text of texts(200)) void client.publishAsync(word.filter, text.padEnd(200_000));

    expect(client.stream.listenerCount("drain")).toBeGreaterThan(100);
  });

  test("T11: in ours the socket has the same few listeners under load as at rest", async () => {
    using watch = watchSockets();
    const { client } = site.open({ protocol });
    await client.ready();
    const socket = await watch.sockets.until(({ remotePort }) => remotePort === site.link.port);
    const atRest = socket.listenerCount("drain");
    site.link.stall("up");

    for (const text of texts(100)) client.publish(word, { text: text.padEnd(250_000) });
    await until(() => socket.writableNeedDrain);

    expect(socket.listenerCount("drain")).toBe(atRest);
    site.link.down();
    await until(() => !client.connected); // else the end would wait for the PUBACKs
  });
});

test("T7: MQTT.js writes two hundred messages to a broker that takes twenty at a time", async () => {
  await using broker = await openScriptedBroker((peer) => take20(peer));
  const client = mqtt.connect(broker.url, { protocolVersion: 5, reconnectPeriod: 0 });
  opened.push(client);
  await new Promise<void>((resolve) => void client.once("connect", () => resolve()));

  for (const text of texts(200)) client.publish(word.filter, text, { qos: 1 });

  const [peer] = await broker.peers.take(1);
  await peer?.packets.untilAll((seen) => seen.filter(({ cmd }) => cmd === "publish").length === 200);
  expect(peer?.packets.seen.filter(({ cmd }) => cmd === "puback")).toEqual([]);
});

test("T7: ours keeps to the broker's Receive Maximum, and goes on with each PUBACK", async () => {
  await using broker = await openScriptedBroker((peer) => take20(peer));
  const { client } = openClient({ url: broker.url, protocol: "5" });
  await client.ready();

  for (const text of texts(200)) client.publish(word, { text });
  client.subscribe(mark, () => undefined);
  const [peer] = await broker.peers.take(1);
  const before = await peer?.packets.takeThrough(({ cmd }) => cmd === "subscribe");
  const ids = (before ?? []).flatMap((packet) => (packet.cmd === "publish" ? [packet.messageId] : []));
  peer?.send({ cmd: "puback", messageId: ids[0] ?? 0 });
  await peer?.expect("publish");
  await broker.close(); // else the end would wait for the PUBACKs that never come
  await client.close();

  expect(ids).toHaveLength(20);
});

test("T9: MQTT.js dials with Nagle's delay, ours without it", async () => {
  using watch = watchSockets();
  const client = rawThroughLink({});
  await new Promise<void>((resolve) => void client.once("connect", () => resolve()));
  const raw = await watch.sockets.until(({ remotePort }) => remotePort === site.link.port);
  const ours = site.open();
  await ours.client.ready();
  const our = await watch.sockets.until((socket) => socket !== raw && socket.remotePort === site.link.port);

  expect([hasNoDelay(raw), hasNoDelay(our)]).toEqual([false, true]);
});

describe("with a broker that takes two thousand bytes", () => {
  beforeEach(async () => {
    await site[Symbol.asyncDispose]();
    site = await openSite({ extraConfig: ["max_packet_size 2000"] });
  });

  test("T16: MQTT.js sends a message that the broker cannot take again on every connection", async () => {
    const client = rawThroughLink({ protocolVersion: 4 });
    client.publish(word.filter, "x".repeat(4_000), { qos: 1 });
    client.publish(word.filter, "behind it", { qos: 1 });

    const refused = await site.link.record.untilAll(
      (seen) => seen.filter(({ bytes }) => bytes.length > 4_000).length >= 10,
    );

    expect(refused.some(({ packet }) => packet?.cmd === "puback")).toBe(false);
  });

  test("T16: ours sets a message aside for which a 3.1.1 broker closes the connection, and sends the next one", async () => {
    const { client, undelivered } = site.open({ protocol: "3.1.1" });
    const id = client.publish(word, { text: "x".repeat(4_000) });

    await client.publishConfirmed(word, { text: "behind it" });

    expect(undelivered.seen).toEqual([{ id, topic: word.filter, reason: "poison" }]);
    expect(site.link.packets().filter(({ bytes }) => bytes.length > 4_000)).toHaveLength(6);
  });

  test("T16: ours never sends what is over the maximum that an MQTT 5 broker told", async () => {
    const { client, undelivered } = site.open({ protocol: "5" });
    const id = client.publish(word, { text: "x".repeat(4_000) });

    await client.publishConfirmed(word, { text: "behind it" });

    expect(undelivered.seen).toEqual([{ id, topic: word.filter, reason: "refused", reasonCode: 0x95 }]);
    expect(() => client.publish(word, { text: "x".repeat(4_000) })).toThrow("at most 2000 are allowed");
    expect(client.state).toMatchObject({ kind: "up", epoch: 1 });
  });
});

test.for([0x87, 0x95, 0x97])(
  "T16: a message that the broker answers with code %i is refused, and the next one goes",
  async (reasonCode) => {
    await using broker = await openScriptedBroker((peer) => refuseFirst(peer, reasonCode));
    const { client, undelivered } = openClient({ url: broker.url, protocol: "5" });
    await using _closed = client;
    const id = client.publish(word, { text: "refused" });

    await client.publishConfirmed(word, { text: "behind it" });

    expect(undelivered.seen).toEqual([{ id, topic: word.filter, reason: "refused", reasonCode }]);
    expect(broker.peers.seen).toHaveLength(1);
  },
);

async function take20(peer: ScriptedPeer): Promise<void> {
  await peer.accept({ properties: { receiveMaximum: 20 } });
}

/** Refuses the message that says so, accepts the other one. */
async function refuseFirst(peer: ScriptedPeer, reasonCode: number): Promise<void> {
  await peer.accept();
  for (let count = 0; count < 2; count += 1) {
    const { payload, messageId = 0 } = await peer.expect("publish");
    const code = payload.includes("refused") ? reasonCode : 0;
    peer.sendBytes(Uint8Array.of(0x40, 3, messageId >> 8, messageId & 0xff, code));
  }
}

/** What Node keeps of `setNoDelay`; there is no public way to ask. */
function hasNoDelay(socket: Socket): unknown {
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === "kSetNoDelay");
  if (symbol === undefined) throw new Error("This version of Node keeps it elsewhere.");
  return Reflect.get(socket, symbol);
}
