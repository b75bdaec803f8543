import { until } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mark, murmur, openSite, PROTOCOLS, type Site, texts, word } from "../client.fixture.ts";
import { publishesUp } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

const KILOBYTE = "x".repeat(1_000);

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("streams published while offline are dropped and counted, and never sent", async () => {
    const heard = site.open({ protocol });
    await heard.client.ready();
    site.link.down();
    for await (const state of heard.client.watch()) if (state.kind === "down") break;

    for (const text of texts(10)) heard.client.publish(murmur, { text });
    await site.link.up();
    await heard.client.publishConfirmed(mark, { text: "fence" });

    expect(heard.count("stream_dropped")).toBe(10);
    expect(publishesUp(site.link, murmur.filter)).toEqual([]);
    expect(heard.undelivered.seen).toEqual([]);
  });

  test("streams arrive in the order in which they were published", async () => {
    const { client } = site.open({ protocol });
    await client.ready();
    const listener = await site.raw();
    await listener.subscribe(murmur.filter, { qos: 0 });

    for (const text of texts(200)) client.publish(murmur, { text });
    const heard = await listener.received.take(200);

    expect(heard.map(({ text }) => JSON.parse(text).data.text)).toEqual(texts(200));
  });

  test("on a link that takes nothing a stream keeps its newest messages within bounds, and counts what it dropped", async () => {
    const heard = site.open({ protocol });
    const { client } = heard;
    await client.ready();
    site.link.stall("up");
    let published = 0;
    const publishSome = async (): Promise<boolean> => {
      for (let n = 0; n < 500; n += 1) {
        client.publish(murmur, { text: `${published} ${KILOBYTE}` });
        published += 1;
      }
      await new Promise((resolve) => setImmediate(resolve));
      return heard.count("stream_dropped") > 1_000;
    };

    await until(publishSome, { deadlineMs: 30_000 });
    site.link.resume("up");
    await client.publishConfirmed(mark, { text: "fence" });
    const last = (): string =>
      JSON.parse(publishesUp(site.link, murmur.filter).at(-1)?.packet.payload.toString() ?? "{}").data?.text ?? "";
    await site.link.record.untilAll(() => last().startsWith(`${published - 1} `));

    const arrived = publishesUp(site.link, murmur.filter);
    const numbers = arrived.map(({ packet }) => Number.parseInt(JSON.parse(packet.payload.toString()).data.text, 10));
    expect(arrived.length + heard.count("stream_dropped")).toBe(published);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  test("a flood of streams does not keep a confirmed message from being sent", async () => {
    const { client } = site.open({ protocol });
    await client.ready();
    site.link.throttle(4_000_000, "up");

    for (const text of texts(2_000)) client.publish(murmur, { text: `${text} ${KILOBYTE}` });
    const { id } = await client.publishConfirmed(word, { text: "important" });

    const order = publishesUp(site.link).map(({ packet }) => packet.topic);
    const sent = publishesUp(site.link, word.filter).map(({ packet }) => JSON.parse(packet.payload.toString()).id);
    expect(sent).toEqual([id]);
    // At most what the socket held goes before it, not the queue behind.
    expect(order.indexOf(word.filter)).toBeLessThan(200);
  });
});
