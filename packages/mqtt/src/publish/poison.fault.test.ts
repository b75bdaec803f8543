import type { LinkPacket } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSite, PROTOCOLS, type Site, word } from "../client.fixture.ts";
import { isPublish, publishesUp } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

const textOf = (packet: LinkPacket): string =>
  isPublish(packet) ? JSON.parse(packet.packet.payload.toString()).data.text : "";
const isUp = ({ direction }: LinkPacket): boolean => direction === "up";

/** Whoever gets a message with this text closes the connection. */
const closeAt = (text: string): void => {
  site.link.intercept((packet) => {
    if (!isUp(packet) || textOf(packet) !== text) return undefined;
    site.link.cut();
    return "drop";
  });
};

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a message at which every connection ends is set aside after standing alone, and its neighbours are delivered", async () => {
    const { client, undelivered } = site.open({
      protocol,
      clientId: "poisoned",
      reconnect: { minDelayMs: 1, maxDelayMs: 5 },
    });
    const listener = await site.raw();
    await listener.subscribe(word.filter);
    closeAt("poison");

    await client.publishConfirmed(word, { text: "before" });
    const poison = client.publish(word, { text: "poison" });
    await client.publishConfirmed(word, { text: "after" });

    const sent = publishesUp(site.link, word.filter);
    const poisonous = sent.filter((packet) => textOf(packet) === "poison");
    expect(undelivered.seen).toEqual([{ id: poison, topic: word.filter, reason: "poison" }]);
    expect(poisonous.length).toBe(6);
    // The last three times nothing else was in flight.
    const alone = poisonous
      .slice(-3)
      .map(({ connection }) => sent.filter((each) => each.connection === connection).length);
    expect(alone).toEqual([1, 1, 1]);
    expect((await listener.received.take(2)).map(({ text }) => JSON.parse(text).data.text)).toEqual([
      "before",
      "after",
    ]);
    expect(client.state).toMatchObject({ kind: "up" });
  });

  test("a healthy message that was sent just before it and never confirmed is not set aside in its place", async () => {
    const { client, undelivered } = site.open({
      protocol,
      clientId: "poisoned",
      reconnect: { minDelayMs: 1, maxDelayMs: 5 },
    });
    await client.ready();
    closeAt("poison");

    // All three leave in one write, so the connection ends before the first one is confirmed.
    const before = client.publishConfirmed(word, { text: "before" });
    const poison = client.publish(word, { text: "poison" });
    const after = client.publishConfirmed(word, { text: "after" });
    await Promise.all([before, after]);

    expect(undelivered.seen).toEqual([{ id: poison, topic: word.filter, reason: "poison" }]);
  });

  test("a link that is cut at random with messages in flight sets nothing aside", async () => {
    const { client, undelivered } = site.open({
      protocol,
      clientId: "unlucky",
      reconnect: { minDelayMs: 1, maxDelayMs: 5 },
    });
    await client.ready();

    for (let cut = 0; cut < 12; cut += 1) {
      const confirmed = client.publishConfirmed(word, { text: `${cut}` });
      site.link.cut();
      await confirmed;
    }

    expect(undelivered.seen).toEqual([]);
    expect(client.state).toMatchObject({ kind: "up" });
  });
});
