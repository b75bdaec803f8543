import { recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gate, mark, openSite, PROTOCOLS, type Site, texts, word, wordOf } from "../client.fixture.ts";
import { acknowledged, foreign, isPublish, pubacksUp, publishesDown, untilAcknowledged } from "../wire.fixture.ts";

let site: Site;
/** So many unacknowledged messages a broker of this test lets stand. */
const WINDOW = 20;
beforeEach(async () => {
  site = await openSite({ maxInflight: WINDOW });
});
afterEach(() => site[Symbol.asyncDispose]());

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  /** Whatever the broker sent before has been read when this resolves. */
  const pass = async ({ client }: ReturnType<Site["open"]>): Promise<void> => {
    await client.publishConfirmed(mark, { text: "fence" });
  };

  test("a QoS 1 message is acknowledged only after its handler returned", async () => {
    const heard = site.open({ protocol });
    const held = gate();
    const started = recorder<string>();
    const subscription = heard.client.subscribe(word, async ({ data }) => {
      started.push(data.text);
      await held.passed;
    });
    await subscription.active;
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "a" }));
    await started.next();
    await pass(heard);
    const before = acknowledged(site.link);
    held.open();
    await untilAcknowledged(site.link, 1);

    expect(before).toEqual([]);
    expect(acknowledged(site.link)).toEqual(publishesDown(site.link).map(({ packet }) => packet.messageId));
  });

  test("messages whose handlers end out of order are acknowledged in the order in which they came", async () => {
    const heard = site.open({ protocol });
    const holds = new Map(texts(5).map((key) => [key, gate()]));
    const ended = recorder<string>();
    const subscription = heard.client.subscribe(wordOf, async ({ params }) => {
      await holds.get(params.key)?.passed;
      ended.push(params.key);
    });
    await subscription.active;
    const publisher = await site.raw();

    for (const key of texts(5)) await publisher.publish(`test/of/${key}`, foreign({ text: key }));
    for (const key of ["4", "2", "1"]) {
      holds.get(key)?.open();
      await ended.next();
    }
    await pass(heard);
    const whileFirstRuns = acknowledged(site.link).length;
    holds.get("0")?.open();
    await untilAcknowledged(site.link, 3);
    await pass(heard);
    const whileFourthRuns = acknowledged(site.link).length;
    holds.get("3")?.open();
    await untilAcknowledged(site.link, 5);

    expect([whileFirstRuns, whileFourthRuns]).toEqual([0, 3]);
    expect(ended.seen).toEqual(["4", "2", "1", "0", "3"]);
    expect(acknowledged(site.link)).toEqual(publishesDown(site.link).map(({ packet }) => packet.messageId));
  });

  test("a message for two subscriptions is acknowledged when both are done with it", async () => {
    const heard = site.open({ protocol });
    const held = gate();
    const done = recorder<string>();
    const quick = heard.client.subscribe(word, () => done.push("quick"));
    const slow = heard.client.subscribe(word, async () => {
      await held.passed;
      done.push("slow");
    });
    await Promise.all([quick.active, slow.active]);
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "a" }));
    await done.next();
    await pass(heard);
    const before = acknowledged(site.link).length;
    held.open();
    await untilAcknowledged(site.link, 1);

    expect([before, done.seen]).toEqual([0, ["quick", "slow"]]);
  });

  test("a message that failed every attempt is acknowledged only after its dead letter is confirmed", async () => {
    const { client } = site.open({ protocol, clientId: "failing" });
    const subscription = client.subscribe(
      word,
      () => {
        throw new Error("no");
      },
      { retry: { attempts: 2, minDelayMs: 1 } },
    );
    await subscription.active;
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "a" }));
    await untilAcknowledged(site.link, 1);

    const packets = site.link.packets();
    const letter = packets.find((each) => each.direction === "up" && isPublish(each));
    const confirmed = packets.find(
      ({ direction, packet }) =>
        direction === "down" && packet?.cmd === "puback" && packet.messageId === letter?.packet?.messageId,
    );
    expect(letter?.packet).toMatchObject({ topic: expect.stringMatching(/^dead\/failing\//), qos: 1, retain: true });
    expect(pubacksUp(site.link)[0]?.index).toBeGreaterThan(confirmed?.index ?? Number.POSITIVE_INFINITY);
  });

  test("one unfinished message holds back at most one window, and nothing is lost when it ends", async () => {
    const count = 10 * WINDOW;
    const heard = site.open({ protocol, receiveMaximum: WINDOW });
    const held = gate();
    const handled = recorder<string>();
    const subscription = heard.client.subscribe(wordOf, async ({ data }) => {
      if (data.text === "0") await held.passed;
      handled.push(data.text);
    });
    await subscription.active;
    const publisher = await site.raw();

    for (const text of texts(count)) await publisher.publish(`test/of/${text}`, foreign({ text }));
    // What shares the window with the first one is handled.
    await handled.take(WINDOW - 1);
    await pass(heard);
    const before = [handled.seen.includes("0"), acknowledged(site.link).length, handled.seen.length < count];
    held.open();
    await handled.take(count - WINDOW + 1);
    await untilAcknowledged(site.link, count);

    expect(before).toEqual([false, 0, true]);
    expect(new Set(handled.seen).size).toBe(count);
    expect(handled.seen.length).toBe(count);
    expect(acknowledged(site.link)).toEqual(publishesDown(site.link).map(({ packet }) => packet.messageId));
  });

  test("a message of QoS 0 is handled and never acknowledged", async () => {
    const heard = site.open({ protocol });
    const got = recorder<string>();
    await heard.client.subscribe(word, ({ data }) => got.push(data.text)).active;
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "a" }), { qos: 0 });
    await got.next();
    await pass(heard);

    expect(acknowledged(site.link)).toEqual([]);
  });
});
