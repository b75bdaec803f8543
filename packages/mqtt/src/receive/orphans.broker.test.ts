import { recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mark, openSite, PROTOCOLS, type Site, word } from "../client.fixture.ts";
import { rawTopic } from "../contract/index.ts";
import { acknowledged, foreign, openClocked, publishesDown, untilAcknowledged } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

const PARKED_MS = 5_000;

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  /** An earlier life of `clientId` listened to this, and left messages behind. */
  const leaveSession = async (clientId: string, filters: readonly string[], topics: readonly string[]) => {
    const earlier = site.open({ protocol, clientId, url: site.broker.url });
    await Promise.all(filters.map((filter) => earlier.client.subscribe(rawTopic(filter), () => undefined).active));
    await earlier.client.close();
    await using publisher = await site.raw();
    for (const topic of topics) await publisher.publish(topic, foreign({ text: topic }));
  };

  const unsubscribes = () =>
    site.link.packets().flatMap(({ packet }) => (packet?.cmd === "unsubscribe" ? [packet.unsubscriptions] : []));

  test("what an earlier session asked for and nobody wants now is acknowledged after 5 s, counted and unsubscribed from", async () => {
    await leaveSession("renewed", ["test/#", "old/+"], ["old/a", "old/b"]);
    await using heard = openClocked(site, { protocol, clientId: "renewed" });
    await heard.client.subscribe(word, () => undefined).active;
    await heard.client.publishConfirmed(mark, { text: "they have come" });

    await heard.clock.advance(PARKED_MS - 1);
    const before = [acknowledged(site.link).length, unsubscribes().length];
    await heard.clock.advance(1);
    // Two orphans, and the echo of the marker: the old session hears it too.
    await untilAcknowledged(site.link, 3);
    const { packet } = await site.link.seen((each) => each.packet?.cmd === "unsuback");

    expect([before, packet?.cmd, heard.count("orphans")]).toEqual([[0, 0], "unsuback", 3]);
    expect(unsubscribes().some((filters) => filters.includes("old/+"))).toBe(true);
    expect(unsubscribes().flat()).not.toContain(word.filter);
  });

  test("after that the broker sends no more of it, and what is wanted still comes", async () => {
    await leaveSession("renewed", ["old/+"], ["old/a"]);
    await using heard = openClocked(site, { protocol, clientId: "renewed" });
    const seen = recorder<string>();
    await heard.client.subscribe(word, ({ data }) => seen.push(data.text)).active;
    await heard.client.publishConfirmed(mark, { text: "it has come" });
    await heard.clock.advance(PARKED_MS);
    await site.link.seen((each) => each.packet?.cmd === "unsuback");
    const publisher = await site.raw();

    await publisher.publish("old/b", foreign({ text: "b" }));
    await publisher.publish(word.filter, foreign({ text: "wanted" }));
    await seen.next();

    expect(publishesDown(site.link, "old/b")).toEqual([]);
  });

  test("what comes later than 5 s after the connection and nobody wants is given up at once", async () => {
    await leaveSession("renewed", ["old/+"], []);
    await using heard = openClocked(site, { protocol, clientId: "renewed" });
    await heard.client.ready();
    await heard.clock.advance(PARKED_MS);
    const publisher = await site.raw();

    await publisher.publish("old/a", foreign({ text: "a" }));
    await untilAcknowledged(site.link, 1);
    await site.link.seen((each) => each.packet?.cmd === "unsuback");

    expect(heard.count("orphans")).toBe(1);
    expect(unsubscribes().flat()).toContain("old/+");
  });

  test("a message that waits for its handler less than 5 s reaches it, though nobody wanted it at first", async () => {
    await leaveSession("renewed", [word.filter], [word.filter]);
    await using heard = openClocked(site, { protocol, clientId: "renewed" });
    await heard.client.ready();
    await heard.client.publishConfirmed(mark, { text: "it has come" });
    await heard.clock.advance(PARKED_MS - 1);
    const seen = recorder<string>();

    heard.client.subscribe(word, ({ data }) => seen.push(data.text));

    expect(await seen.next()).toBe(word.filter);
    await untilAcknowledged(site.link, 1);
    expect([heard.count("orphans"), unsubscribes()]).toEqual([0, []]);
  });

  test("an orphan on a topic too deep for a list of filters is acknowledged and warned about", async () => {
    const deep = "1/2/3/4/5/6/7";
    await leaveSession("renewed", [deep], [deep]);
    await using heard = openClocked(site, { protocol, clientId: "renewed" });
    await heard.client.ready();
    await heard.client.publishConfirmed(mark, { text: "it has come" });

    await heard.clock.advance(PARKED_MS);
    await untilAcknowledged(site.link, 1);

    expect(unsubscribes()).toEqual([]);
    expect(heard.log.seen.filter(({ level }) => level === "warn").map(({ fields }) => fields["topic"])).toEqual([deep]);
  });
});

test("on MQTT 5 an old, wider filter does not bring messages twice, and is given up while the narrow one stays", async () => {
  const wide = site.open({ protocol: "5", clientId: "narrower", url: site.broker.url });
  await wide.client.subscribe(rawTopic("test/#"), () => undefined).active;
  await wide.client.close();
  await using heard = openClocked(site, { protocol: "5", clientId: "narrower" });
  const seen = recorder<string>();
  await heard.client.subscribe(word, ({ data }) => seen.push(data.text)).active;
  const publisher = await site.raw();

  await publisher.publish(word.filter, foreign({ text: "a" }));
  await heard.client.publishConfirmed(mark, { text: "it has come" });
  await heard.clock.advance(PARKED_MS);
  await site.link.seen((each) => each.packet?.cmd === "unsuback");
  await publisher.publish(word.filter, foreign({ text: "b" }));
  await seen.take(2);

  expect(seen.seen).toEqual(["a", "b"]);
});
