/** Subscriptions added late, and options that would silence one. */
import { recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSite, PROTOCOLS, type Site, word } from "./client.fixture.ts";
import { foreign, untilAcknowledged } from "./wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("what was parked for a late handler reaches every handler that is added in the same turn", async () => {
    const robot = { protocol, clientId: "robot" };
    const earlier = site.open(robot);
    await earlier.client.subscribe(word, () => undefined).active;
    await earlier.client.close();
    const raw = await site.raw();
    await raw.publish(word.filter, foreign({ text: "kept" }));
    const { client } = site.open(robot);
    await site.link.seen(({ packet, direction }) => direction === "down" && packet?.cmd === "publish");
    await client.ready();
    const seen = recorder<string>();

    client.subscribe(word, ({ data }) => seen.push(`one ${data.text}`));
    client.subscribe(word, ({ data }) => seen.push(`two ${data.text}`));

    expect([...(await seen.take(2))].sort()).toEqual(["one kept", "two kept"]);
    await untilAcknowledged(site.link, 1);
  });

  test.each([
    { options: { concurrency: 0 }, name: "concurrency" },
    { options: { concurrency: Number.NaN }, name: "concurrency" },
    { options: { timeoutMs: Number.NaN }, name: "timeoutMs" },
    { options: { retry: { attempts: Number.NaN } }, name: "retry.attempts" },
    { options: { retry: { minDelayMs: -1 } }, name: "retry.minDelayMs" },
  ])("a subscription with $options is refused at once: its messages would wait for ever", ({ options, name }) => {
    const { client } = site.open({ protocol });

    expect(() => client.subscribe(word, () => undefined, options)).toThrow(RangeError);
    expect(() => client.subscribe(word, () => undefined, options)).toThrow(name);
  });
});
