import { accepts } from "@ts-tars/broker";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../deadline.ts";
import { fence } from "../fence.ts";
import { leakCheck } from "../leak-check.ts";
import { rawClient } from "../raw-client.ts";
import { openScriptedBroker } from "../scripted-broker.ts";
import { openBroker } from "../test-broker.ts";
import { openLink } from "./link.ts";
import { commands, dial, isClosed, openSite } from "./site.fixture.ts";

test("A cut closes every connection at once, and new ones are accepted", async () => {
  const { link } = await openSite();
  const clients = await Promise.all([dial(link.url), dial(link.url)]);

  link.cut();

  await Promise.all(clients.map(isClosed));
  expect(link.connections().map(({ closedBy }) => closedBy)).toEqual(["link", "link"]);
  expect((await dial(link.url)).mqtt.connected).toBe(true);
});

test("A cut is an unexpected end for the broker: the last will is sent", async () => {
  const { broker, link } = await openSite();
  const watcher = await dial(broker.url);
  await watcher.subscribe("will");
  const will = { topic: "will", payload: Buffer.from("lost"), qos: 1 as const, retain: false };
  await dial(link.url, { mqttOptions: { will } });

  link.cut();

  expect((await watcher.received.next()).text).toBe("lost");
});

test("A reset reaches the client as a reset", async () => {
  const { link } = await openSite();
  const client = await dial(link.url);
  const error = new Promise<Error>((resolve) => void client.mqtt.stream.once("error", resolve));

  link.reset();

  expect(await error).toMatchObject({ code: "ECONNRESET" });
});

test("A link that is down refuses, and comes up on the same port", async () => {
  const { link } = await openSite();
  const client = await dial(link.url);

  link.down();
  await isClosed(client);
  expect(await accepts(link.host, link.port)).toBe(false);
  await link.up();

  expect((await dial(link.url)).mqtt.connected).toBe(true);
});

test("A link whose broker is dead refuses like a closed port, and accepts again when the broker does", async () => {
  const { broker, link } = await openSite();
  const client = await dial(link.url);
  await broker.kill();
  await isClosed(client);

  await expect(rawClient({ url: link.url })).rejects.toThrow(/ECONNRESET|closed/);
  await until(async () => !(await accepts(link.host, link.port)));
  await broker.start();
  await until(() => accepts(link.host, link.port));

  expect((await dial(link.url)).mqtt.connected).toBe(true);
  expect(link.connections().at(1)).toMatchObject({ closedBy: "target" });
});

test.each(["up", "down"] as const)(
  "A link stalled %sward holds packets, leaves sockets open, and lets all go on afterwards",
  async (direction) => {
    const { broker, link } = await openSite();
    const [client, peer] = [await dial(link.url), await dial(broker.url)];
    await client.subscribe("to-client");
    await peer.subscribe("to-peer");
    const [held, passing] = direction === "up" ? ["to-peer", "to-client"] : ["to-client", "to-peer"];

    link.stall(direction);
    const publishes = [client.publish("to-peer", "from client"), peer.publish("to-client", "from peer")];
    const [open, closed] = direction === "up" ? [client, peer] : [peer, client];
    expect((await open.received.next()).topic).toBe(passing);
    await link.seen(({ packet, direction: way }) => way === direction && packet?.cmd === "publish");
    expect(closed.received.seen).toEqual([]);
    expect(client.mqtt.connected).toBe(true);
    link.resume();

    expect((await closed.received.next()).topic).toBe(held);
    await Promise.all(publishes);
  },
);

test("A stalled link stops reading from its senders when its buffer is full", async () => {
  const { link } = await openSite();
  const client = await dial(link.url);
  link.stall("up");

  for (let sent = 0; sent < 64; sent += 1) client.mqtt.publish("flood", Buffer.alloc(256 * 1024));
  const stream = client.mqtt.stream;
  await until(() => stream.writableNeedDrain);

  const receivedBytes = link.connections()[0]?.up.receivedBytes ?? 0;
  expect(receivedBytes).toBeLessThan(1024 * 1024);
});

test("On a half-open connection nothing passes and nobody is told; new connections pass", async () => {
  const { broker, link } = await openSite();
  const watcher = await dial(broker.url);
  await watcher.subscribe("#");
  const client = await dial(link.url, {
    mqttOptions: { will: { topic: "will", payload: Buffer.from("lost"), qos: 1, retain: false } },
  });
  await client.subscribe("#");

  link.halfOpen();
  client.mqtt.publish("swallowed", "up", { qos: 1 });
  const swallowed = await link.seen(({ packet }) => packet?.cmd === "publish" && packet.topic === "swallowed");
  await fence(watcher.received, {
    publish: () => watcher.publish("fence", ""),
    isMarker: ({ topic }) => topic === "fence",
  });
  await link.seen(({ direction, packet }) => direction === "down" && packet?.cmd === "publish");
  client.mqtt.stream.destroy();
  await until(() => link.connections()[0]?.closedBy === "client");
  await fence(watcher.received, {
    publish: () => watcher.publish("fence", ""),
    isMarker: ({ topic }) => topic === "fence",
  });

  expect(swallowed.forwarded).toBe(false);
  expect(client.received.seen).toEqual([]);
  expect(link.connections()[0]?.isHalfOpen).toBe(true);
  expect((await dial(link.url)).mqtt.connected).toBe(true);
});

test("A half-open link can swallow new connections too, until it is mended", async () => {
  const { link } = await openSite();

  link.halfOpen({ newConnections: "swallow" });
  await expect(rawClient({ url: link.url, deadlineMs: 200 })).rejects.toThrow(/CONNACK/);
  await link.mend();

  expect(commands(link)).toEqual(["up connect"]);
  expect((await dial(link.url)).mqtt.connected).toBe(true);
});

test("A delay keeps each packet at least that long, in order", async () => {
  const { link } = await openSite();
  const client = await dial(link.url);
  await client.subscribe("n");

  link.delay(50);
  await Promise.all(["1", "2", "3"].map((text) => client.publish("n", text)));
  const received = await client.received.take(3);

  expect(received.map(({ text }) => text)).toEqual(["1", "2", "3"]);
  const held = link.packets().filter(({ packet }) => packet?.cmd === "publish");
  expect(held).toHaveLength(6);
  for (const { atMs, forwardedAtMs } of held) expect((forwardedAtMs ?? 0) - atMs).toBeGreaterThanOrEqual(50);
});

test("On a throttled link a small packet does not wait for a large one on another connection", async () => {
  const { link } = await openSite();
  const [bulk, urgent] = [await dial(link.url), await dial(link.url)];

  link.throttle(1_000_000, "up");
  const bulkDone = bulk.publish("bulk", Buffer.alloc(2_000_000));
  const bulkPacket = await link.seen(({ packet }) => packet?.cmd === "publish" && packet.topic === "bulk");
  await urgent.publish("urgent", "stop");

  // 16 seconds of bandwidth: only part of it can have gone.
  expect(bulkPacket.forwarded).toBe(false);
  await link.mend();
  await bulkDone;
  expect(bulkPacket.forwarded).toBe(true);
});

test("A truncation lets exactly so many bytes pass and cuts in the middle of a packet", async () => {
  const seen: Buffer[] = [];
  await using broker = await openScriptedBroker(async (peer) => {
    await peer.accept();
  });
  await using link = await openLink({ target: broker });
  const client = await dial(link.url);
  link.intercept(({ packet, bytes }) => void (packet?.cmd === "publish" && seen.push(Buffer.from(bytes))));

  link.truncate(100);
  client.mqtt.publish("t", Buffer.alloc(1_000), { qos: 1 });
  await isClosed(client);

  const cut = await link.seen(({ packet }) => packet?.cmd === "publish");
  expect(cut).toMatchObject({ forwarded: false, forwardedBytes: 100 });
  expect(seen[0]).toHaveLength(cut.bytes.length);
  const [peer] = broker.peers.seen;
  expect(peer?.packets.seen.map(({ cmd }) => cmd)).toEqual(["connect"]);
});

test("Closing a link leaves no socket and no timer behind, whatever state it was in", async () => {
  const broker = await openBroker();
  onTestFinished(() => broker[Symbol.asyncDispose]());
  const leaks = leakCheck();
  const link = await openLink({ target: broker.target });
  const clients = await Promise.all([rawClient({ url: link.url }), rawClient({ url: link.url })]);
  link.halfOpen();
  link.throttle(1_000);
  link.delay(10_000);
  const third = rawClient({ url: link.url, deadlineMs: 100 });
  await expect(third).rejects.toThrow();

  await link.close();
  for (const client of clients) await client.end();

  await leaks.expectNothingLeft();
});
