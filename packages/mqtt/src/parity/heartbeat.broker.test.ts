/** The heartbeat as the reference sends it, and its end. */
import { recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mark, openSite, PROTOCOLS, type Site, word } from "../client.fixture.ts";
import { foreign, openClocked, publishesUp } from "../wire.fixture.ts";

const INTERVAL_MS = 1_000;

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

const beats = (clientId: string) => publishesUp(site.link, `system/keepalive/${clientId}`);

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a heartbeat is bare JSON on the client's own keepalive topic, with ok, event and the time in seconds", async () => {
    const { client } = site.open({ protocol, clientId: "ours", heartbeat: {} });
    const beforeSec = Date.now() / 1_000;

    await client.ready();
    await client.publishConfirmed(mark, { text: "fence" });

    const [beat] = beats("ours");
    const { timestamp, ...body } = JSON.parse(beat?.packet.payload.toString() ?? "{}");
    expect(body).toEqual({ ok: true, event: "heartbeat" });
    expect(timestamp).toBeGreaterThanOrEqual(beforeSec);
    expect(timestamp).toBeLessThanOrEqual(Date.now() / 1_000);
    expect([beat?.packet.qos, beat?.packet.retain]).toEqual([0, false]);
  });

  test("in two and a half intervals there are three beats: one with the connection, and one after each interval", async () => {
    await using ours = openClocked(site, { protocol, clientId: "ours", heartbeat: { intervalMs: INTERVAL_MS } });
    await ours.client.ready();

    await ours.clock.advance(2.5 * INTERVAL_MS);
    await ours.client.publishConfirmed(mark, { text: "fence" });

    expect(beats("ours").length).toBe(3);
  });

  test("without a heartbeat nothing is sent on the keepalive topic", async () => {
    await using ours = openClocked(site, { protocol, clientId: "ours" });
    await ours.client.ready();

    await ours.clock.advance(60_000);
    await ours.client.publishConfirmed(mark, { text: "fence" });

    expect(publishesUp(site.link).map(({ packet }) => packet.topic)).toEqual([mark.filter]);
  });

  test("after its end a client handles nothing and sends no heartbeat", async () => {
    const ours = openClocked(site, { protocol, clientId: "ours", heartbeat: { intervalMs: INTERVAL_MS } });
    const handled = recorder<string>();
    await ours.client.subscribe(word, ({ data }) => handled.push(data.text)).active;
    const publisher = await site.raw();
    await publisher.publish(word.filter, foreign({ text: "before" }));
    await handled.next();

    await ours.client.close();
    const beatsAtTheEnd = beats("ours").length;
    await publisher.publish(word.filter, foreign({ text: "after" }));
    await ours.clock.advance(10 * INTERVAL_MS);

    expect([handled.seen, beats("ours").length]).toEqual([["before"], beatsAtTheEnd]);
    expect(beatsAtTheEnd).toBeGreaterThanOrEqual(1);
  });
});
