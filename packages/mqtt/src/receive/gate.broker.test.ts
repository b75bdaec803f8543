import { recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gate, openSite, PROTOCOLS, type Site, texts, wordOf } from "../client.fixture.ts";
import { foreign, untilAcknowledged } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

/** Together more than the 16 MiB that a client holds unfinished; alone far less. */
const COUNT = 80;
const TEXT = "x".repeat(250_000);

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("over its inbound bound the link is closed and reopened below half of it", async () => {
    const { client, log } = site.open({ protocol, clientId: "overfull", concurrency: 200 });
    const held = gate();
    const handled = recorder<string>();
    const subscription = client.subscribe(
      wordOf,
      async ({ params }) => {
        await held.passed;
        handled.push(params.key);
      },
      { concurrency: 200 },
    );
    await subscription.active;
    const publisher = await site.raw();

    for (const key of texts(COUNT)) await publisher.publish(`test/of/${key}`, foreign({ text: TEXT }));
    await log.until(({ message }) => message.startsWith("too many unfinished messages"));
    for await (const state of client.watch()) if (state.kind === "down") break;
    const connectionsWhileFull = site.link.connections().length;
    held.open();
    await handled.take(COUNT);
    for await (const state of client.watch()) if (state.kind === "up") break;

    expect(connectionsWhileFull).toBe(1);
    expect([...handled.seen].sort()).toEqual([...texts(COUNT)].sort());
    expect(client.state).toMatchObject({ kind: "up", epoch: 2 });
    await untilAcknowledged(site.link, COUNT);
  });
});
