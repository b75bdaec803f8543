/** Traps of a connection that ends or never comes about (T6, T10, T15, T17): on MQTT.js as its users have it, and on ours. */
import { type LinkPacket, openScriptedBroker, type RawMessage, recorder, type ScriptedPeer } from "@ts-tars/harness";
import mqtt, { type MqttClient } from "mqtt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gate, mark, openClient, openSite, PROTOCOLS, type Site, standing, word } from "./client.fixture.ts";

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
const textOf = ({ text }: RawMessage): string => text;
const ups = (packets: readonly LinkPacket[], connection: number) =>
  packets.filter((packet) => packet.direction === "up" && packet.connection === connection);

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  const protocolVersion = VERSION[protocol];

  test("T6: after one 'server unavailable' MQTT.js never tries again, and ours does", async () => {
    const unavailable = protocol === "5" ? { reasonCode: 0x88 } : { returnCode: 3 };
    await using broker = await openScriptedBroker(firstThen((peer) => peer.accept(unavailable)));
    const raw = mqtt.connect(broker.url, { protocolVersion, reconnectPeriod: 1, clientId: "raw" });
    opened.push(raw);
    const closed = new Promise<void>((resolve) => void raw.once("close", () => resolve()));
    raw.on("error", () => undefined); // that it says so is not enough
    await closed;

    // Ours waits longer between its attempts than MQTT.js is told to, so it would have come back by now.
    const { client } = openClient({ url: broker.url, protocol, clientId: "ours" });
    await client.ready();

    expect(clientIdsOf(broker.peers.seen)).toEqual(["raw", "ours", "ours"]);
    await client.close();
  });

  test("T10: connectAsync hangs when the peer closes without CONNACK, and ours tries again", async () => {
    await using broker = await openScriptedBroker(
      firstThen(async (peer) => {
        await peer.expect("connect");
        peer.end();
      }),
    );
    const connecting = mqtt.connectAsync(broker.url, { protocolVersion, reconnectPeriod: 0, clientId: "raw" });
    const [peer] = await broker.peers.take(1);
    await peer?.closed;

    const { client } = openClient({ url: broker.url, protocol, clientId: "ours" });
    await client.ready();

    expect([await standing(connecting), clientIdsOf(broker.peers.seen)]).toEqual(["pending", ["raw", "ours", "ours"]]);
    await client.close();
  });

  test("T15: an acknowledgement that MQTT.js is given while disconnected leaves on the next connection, ahead of SUBSCRIBE", async () => {
    await using subscriber = await site.raw({ url: site.link.url, protocolVersion });
    const acknowledgements = recorder<number>();
    subscriber.mqtt.handleMessage = (packet, done) => {
      if ("messageId" in packet) acknowledgements.push(packet.messageId ?? 0);
      done(new Error("later"));
    };
    await subscriber.subscribe(word.filter);
    const publisher = await site.raw();
    await publisher.publish(word.filter, "a");
    const messageId = await acknowledgements.next();

    await subscriber.drop();
    subscriber.mqtt["_sendPacket"]({ cmd: "puback", messageId });
    subscriber.mqtt.reconnect();
    await new Promise<void>((resolve) => void subscriber.mqtt.once("connect", () => resolve()));
    await subscriber.subscribe(word.filter);

    expect(ups(site.link.packets(), 2).map(({ packet }) => packet?.cmd)).toEqual(["connect", "puback", "subscribe"]);
  });

  test("T15: in ours a handler that ends after its connection acknowledges the redelivery, and only where it came", async () => {
    const { client } = site.open({ protocol, clientId: "ours" });
    const held = gate();
    const started = recorder<string>();
    const subscription = client.subscribe(word, async ({ data }) => {
      started.push(data.text);
      await held.passed;
    });
    await subscription.active;
    const publisher = await site.raw();
    await publisher.publish(word.filter, envelope("a"));
    await started.next();

    site.link.cut();
    const again = await site.link.seen(({ connection, packet }) => connection === 2 && packet?.cmd === "publish");
    await client.publishConfirmed(mark, { text: "fence" });
    const before = ups(site.link.packets(), 2).filter(({ packet }) => packet?.cmd === "puback");
    held.open();
    const puback = await site.link.seen(({ direction, packet }) => direction === "up" && packet?.cmd === "puback");

    expect([before, puback.connection, started.seen]).toEqual([[], 2, ["a"]]);
    expect(puback.packet?.messageId).toBe(again.packet?.messageId);
  });

  test("T17: MQTT.js resends from its own store beside whoever keeps an outbox above it", async () => {
    const receiver = await site.raw();
    await receiver.subscribe(word.filter);
    const client = mqtt.connect(site.link.url, { protocolVersion, reconnectPeriod: 20 });
    opened.push(client);
    await new Promise<void>((resolve) => void client.once("connect", () => resolve()));
    const undo = loseFirstPuback();

    client.publish(word.filter, "kept in an outbox", { qos: 1 });
    // What every outbox above a client does: send again what was not confirmed.
    client.once("connect", () => client.publish(word.filter, "kept in an outbox", { qos: 1 }));
    const arrived = await receiver.received.take(3);
    undo();

    expect(arrived.map(textOf)).toEqual(["kept in an outbox", "kept in an outbox", "kept in an outbox"]);
  });

  test("T17: ours sends an unconfirmed message once on the next connection, and its receiver handles it once", async () => {
    const receiver = openClient({ url: site.broker.url, protocol });
    await using _closed = receiver.client;
    const heard = recorder<string>();
    await receiver.client.subscribe(word, ({ data }) => heard.push(data.text)).active;
    const { client } = site.open({ protocol, clientId: "ours" });
    await client.ready();
    const undo = loseFirstPuback();

    await client.publishConfirmed(word, { text: "a" });
    undo();
    await client.publishConfirmed(word, { text: "b" });
    await heard.take(2);

    const sent = site.link.packets().filter(({ packet }) => packet?.cmd === "publish");
    expect(sent.map(({ connection }) => connection)).toEqual([1, 2, 2]);
    expect(sent.map(({ packet }) => packet?.cmd === "publish" && packet.dup)).toEqual([false, true, false]);
    expect(heard.seen).toEqual(["a", "b"]);
  });
});

/** Runs `first` on the first connection of each client id, accepts every later one. */
function firstThen(first: (peer: ScriptedPeer) => unknown) {
  const known = new Set<string>();
  return async (peer: ScriptedPeer): Promise<void> => {
    const connect = await peer.packets.until(({ cmd }) => cmd === "connect");
    const clientId = connect.cmd === "connect" ? connect.clientId : "";
    if (known.has(clientId)) await peer.accept();
    else await first(peer);
    known.add(clientId);
  };
}

function clientIdsOf(peers: readonly ScriptedPeer[]): readonly string[] {
  return peers.flatMap(({ packets }) =>
    packets.seen.flatMap((packet) => (packet.cmd === "connect" ? [packet.clientId] : [])),
  );
}

/** Swallows the first PUBACK from the broker and cuts the link there. */
function loseFirstPuback(): () => void {
  return site.link.intercept(({ direction, packet, connection }) => {
    if (direction !== "down" || packet?.cmd !== "puback" || connection !== 1) return undefined;
    setImmediate(() => site.link.cut());
    return "drop";
  });
}

function envelope(text: string) {
  return { id: text.padEnd(32, "0"), type: word.type, ts: Date.now() / 1_000, source: "peer", data: { text } };
}
