import { recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gate, type HeardClient, mark, openSite, PROTOCOLS, type Site, texts, word } from "../client.fixture.ts";
import { foreign, isPubackUp, pubacksUp, publishesDown, task, untilAcknowledged } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

/** Resolves when the client is up again over another connection, and everything that waited has come. */
const backAgain = async ({ client }: HeardClient): Promise<void> => {
  for await (const state of client.watch()) if (state.kind === "up" && state.epoch > 1) break;
  await client.publishConfirmed(mark, { text: "fence" });
};
const onConnection = (connection: number) => (packet: { readonly connection: number }) =>
  packet.connection === connection;

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a message redelivered after a cut link is handled once", async () => {
    const heard = site.open({ protocol, clientId: "comes-back" });
    const handled = recorder<string>();
    await heard.client.subscribe(word, ({ data }) => handled.push(data.text)).active;
    const publisher = await site.raw();
    const deliver = site.link.intercept((packet) => (isPubackUp(packet) ? "drop" : undefined));

    for (const text of texts(20)) await publisher.publish(word.filter, foreign({ text }));
    await handled.take(20);
    await untilAcknowledged(site.link, 20);
    deliver();
    site.link.cut();
    await backAgain(heard);
    await untilAcknowledged(site.link, 40);

    const again = publishesDown(site.link, word.filter).filter(onConnection(2));
    expect(again.map(({ packet }) => packet.dup)).toEqual(Array(20).fill(true));
    expect(handled.seen).toEqual(texts(20));
    expect(heard.count("duplicates_suppressed")).toBe(20);
  });

  test("a message whose handler outlives its connection is acknowledged once, on the new connection, at its end", async () => {
    const heard = site.open({ protocol, clientId: "comes-back" });
    const held = gate();
    const started = recorder<boolean>();
    const subscription = heard.client.subscribe(word, async ({ redelivered }) => {
      started.push(redelivered);
      await held.passed;
    });
    await subscription.active;
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "a" }));
    await started.next();
    site.link.cut();
    await backAgain(heard);
    const before = pubacksUp(site.link).length;
    held.open();
    await untilAcknowledged(site.link, 1);

    const [delivery] = publishesDown(site.link, word.filter).filter(onConnection(2));
    expect([before, started.seen]).toEqual([0, [false]]);
    expect(pubacksUp(site.link).map(({ connection, packet }) => [connection, packet?.messageId])).toEqual([
      [2, delivery?.packet.messageId],
    ]);
  });

  test("messages that wait behind their key when the link is cut are handled once, in order", async () => {
    const heard = site.open({ protocol, clientId: "comes-back" });
    const held = gate();
    const started = recorder<number>();
    const subscription = heard.client.subscribe(task, async ({ data }) => {
      started.push(data.n);
      if (data.n === 0) await held.passed;
    });
    await subscription.active;
    const publisher = await site.raw();

    for (let n = 0; n < 10; n += 1) await publisher.publish(task.filter, foreign({ n }));
    await started.next();
    await heard.client.publishConfirmed(mark, { text: "all ten have come" });
    site.link.cut();
    await backAgain(heard);
    held.open();
    await untilAcknowledged(site.link, 10);

    expect(started.seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(pubacksUp(site.link).every(onConnection(2))).toBe(true);
  });

  test("nothing is acknowledged on another connection than its own when the session is gone", async () => {
    const heard = site.open({ protocol, clientId: "starts-clean", cleanStart: true });
    const held = gate();
    const ended = recorder<string>();
    const subscription = heard.client.subscribe(word, async ({ data }) => {
      await held.passed;
      ended.push(data.text);
    });
    await subscription.active;
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "a" }));
    await site.link.seen((packet) => packet.direction === "down" && packet.packet?.cmd === "publish");
    await heard.client.publishConfirmed(mark, { text: "it has come" });
    site.link.cut();
    await backAgain(heard);
    held.open();
    await ended.next();
    await heard.client.publishConfirmed(mark, { text: "fence" });

    expect(pubacksUp(site.link)).toEqual([]);
  });
});
