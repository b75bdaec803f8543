import type { Link } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lamp, mark, murmur, openSite, order, PROTOCOLS, type Site, texts, word, wordOf } from "../client.fixture.ts";
import type { ConcreteTopic } from "../contract/index.ts";
import { ClientClosedError, ContractViolationError, PayloadTooLargeError } from "../errors.ts";
import { foreign, publishesUp, type SeenPublish } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

const envelopeOf = ({ packet }: SeenPublish) => JSON.parse(packet.payload.toString());

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a message travels in an envelope with its own id, the type, the time in seconds, the source and the data", async () => {
    const { client } = site.open({ protocol, source: "router" });
    const beforeSec = Date.now() / 1_000;

    const { id } = await client.publishConfirmed(word, { text: "hello" });

    const [sent] = publishesUp(site.link);
    if (sent === undefined) throw new Error("nothing was sent");
    const { ts, ...envelope } = envelopeOf(sent);
    expect(envelope).toEqual({ id, type: "test.word", source: client.source, data: { text: "hello" } });
    expect(client.source).toBe("router");
    expect(ts).toBeGreaterThanOrEqual(beforeSec);
    expect(ts).toBeLessThanOrEqual(Date.now() / 1_000);
  });

  test("QoS and retain are those of the contract's class", async () => {
    const { client } = site.open({ protocol });
    await client.ready();

    for (const topic of [word, order, lamp, murmur]) client.publish(topic.at({}), { text: "" });
    await client.flush();
    await site.link.record.untilAll(() => publishesUp(site.link).length === 4);

    expect(new Map(publishesUp(site.link).map(({ packet }) => [packet.topic, [packet.qos, packet.retain]]))).toEqual(
      new Map([
        [word.filter, [1, false]],
        [order.filter, [1, false]],
        [lamp.filter, [1, true]],
        [murmur.filter, [0, false]],
      ]),
    );
  });

  test("ids of messages are unique", () => {
    const { client } = site.open({ protocol });

    const ids = texts(1_000).map((text) => client.publish(word, { text }));

    expect(new Set(ids).size).toBe(1_000);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  });

  test("data that breaks its contract is refused before anything is sent", async () => {
    const { client } = site.open({ protocol });
    await client.ready();
    const wrong = { text: 7, other: true } as unknown as { text: string }; // what a caller without a compiler may pass

    expect(() => client.publish(word, wrong)).toThrow(ContractViolationError);
    await expect(client.publishConfirmed(word, wrong)).rejects.toThrow(ContractViolationError);
    await client.publishConfirmed(mark, { text: "fence" });

    expect(publishesUp(site.link).map(({ packet }) => packet.topic)).toEqual([mark.filter]);
  });

  test("a topic with parameters that are not bound cannot be published to", () => {
    const { client } = site.open({ protocol });
    const unbound = wordOf as unknown as ConcreteTopic<{ text: string }>; // what a caller without a compiler may pass

    expect(() => client.publish(unbound, { text: "" })).toThrow(/wildcards are for subscribing/);
  });

  test.each([0, -1, Number.NaN])("a time to live of %d ms is refused", (ttlMs) => {
    const { client } = site.open({ protocol });

    expect(() => client.publish(word, { text: "" }, { ttlMs })).toThrow(TypeError);
  });

  test("a payload over the client's own bound is refused, and one at the bound is not", async () => {
    const { client } = site.open({ protocol, maxPayloadBytes: 1_000 });
    const bytesOf = (text: string): number => Buffer.byteLength(foreign({ text }));
    const room = 1_000 - bytesOf("") - 200;

    await client.publishConfirmed(word, { text: "x".repeat(room) });

    expect(() => client.publish(word, { text: "x".repeat(1_001) })).toThrow(PayloadTooLargeError);
    expect(() => client.publish(murmur, { text: "x".repeat(1_001) })).toThrow(PayloadTooLargeError);
  });

  test("a closed client refuses to publish, by name", async () => {
    const { client } = site.open({ protocol });
    await client.close();

    expect(() => client.publish(word, { text: "" })).toThrow(ClientClosedError);
    await expect(client.publishConfirmed(word, { text: "" })).rejects.toThrow(ClientClosedError);
    await expect(client.room(word)).rejects.toThrow(ClientClosedError);
  });

  test("no more messages stand unacknowledged than the send window, and all arrive in order", async () => {
    const { client } = site.open({ protocol, sendWindow: 7 });
    const listener = await site.raw();
    await listener.subscribe(word.filter);
    const widest = widestWindow(site.link);

    for (const text of texts(300)) client.publish(word, { text });
    await client.flush();
    const heard = await listener.received.take(300);

    expect(widest.reached()).toBe(7);
    expect(heard.map(({ text }) => JSON.parse(text).data.text)).toEqual(texts(300));
  });

  test("a publish inherits the correlation id of the message being handled, across awaits, unless one is given", async () => {
    const { client } = site.open({ protocol });
    const listener = await site.raw();
    await listener.subscribe(mark.filter);
    const subscription = client.subscribe(word, async () => {
      client.publish(mark, { text: "at once" });
      await new Promise((resolve) => setImmediate(resolve));
      await client.publishConfirmed(mark, { text: "after awaits" });
      client.publish(mark, { text: "another" }, { correlationId: "turn-2" });
    });
    await subscription.active;

    client.publish(mark, { text: "outside" });
    await listener.publish(word.filter, foreign({ text: "" }, { correlation_id: "turn-1" }));
    const heard = await listener.received.take(4);

    const told = heard
      .map(({ text }) => JSON.parse(text))
      .map(({ data, correlation_id }) => [data.text, correlation_id] as const);
    expect(new Map(told)).toEqual(
      new Map([
        ["outside", undefined],
        ["at once", "turn-1"],
        ["after awaits", "turn-1"],
        ["another", "turn-2"],
      ]),
    );
  });

  test("handlers that run side by side do not mix up their correlation ids", async () => {
    const { client } = site.open({ protocol });
    const listener = await site.raw();
    await listener.subscribe(mark.filter);
    const subscription = client.subscribe(wordOf, async ({ params }) => {
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await client.publishConfirmed(mark, { text: params.key });
    });
    await subscription.active;

    for (const key of texts(20)) {
      await listener.publish(`test/of/${key}`, foreign({ text: "" }, { correlation_id: `turn-${key}` }));
    }
    const heard = await listener.received.take(20);

    const told = heard.map(({ text }) => JSON.parse(text));
    expect(told.filter(({ data, correlation_id }) => correlation_id !== `turn-${data.text}`)).toEqual([]);
  });
});

/** Follows the record: how many messages of ours stood unacknowledged at most. */
function widestWindow(link: Link) {
  const open = new Set<number>();
  let widest = 0;
  link.intercept(({ packet, direction }) => {
    if (packet?.cmd === "publish" && direction === "up" && packet.qos === 1) open.add(packet.messageId ?? 0);
    if (packet?.cmd === "puback" && direction === "down") open.delete(packet.messageId ?? 0);
    widest = Math.max(widest, open.size);
    return undefined;
  });
  return { reached: () => widest };
}

test("on MQTT 5 the broker's Receive Maximum narrows the send window", async () => {
  await using narrow = await openSite({ maxInflight: 5 });
  const { client } = narrow.open({ protocol: "5" });
  const widest = widestWindow(narrow.link);

  for (const text of texts(300)) client.publish(word, { text });
  await client.flush();

  const connack = narrow.link.packets().find(({ packet }) => packet?.cmd === "connack");
  expect(connack?.packet).toMatchObject({ properties: { receiveMaximum: 5 } });
  expect(widest.reached()).toBe(5);
});

test("on MQTT 5 a payload over the broker's own bound is refused at once, or reported when it was queued before", async () => {
  await using strict = await openSite({ extraConfig: ["max_packet_size 2000"] });
  const { client, undelivered } = strict.open({ protocol: "5" });

  const early = client.publish(word, { text: "x".repeat(3_000) });
  await client.publishConfirmed(mark, { text: "connected" });

  expect(undelivered.seen).toEqual([{ id: early, topic: word.filter, reason: "refused", reasonCode: 0x95 }]);
  expect(() => client.publish(word, { text: "x".repeat(3_000) })).toThrow(PayloadTooLargeError);
  expect(client.state).toMatchObject({ kind: "up", epoch: 1 });
});

test("on MQTT 5 the broker is told how long a message has to live, rounded up, and nothing of one that does not expire", async () => {
  const { client } = site.open({ protocol: "5" });

  await client.publishConfirmed(order, { text: "" });
  await client.publishConfirmed(order, { text: "" }, { ttlMs: 1_500 });
  await client.publishConfirmed(word, { text: "" });

  const told = publishesUp(site.link).map(({ packet }) => packet.properties?.messageExpiryInterval);
  expect(told).toEqual([10, 2, undefined]);
});
