import { recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mark, openSite, PROTOCOLS, type Site, word } from "./client.fixture.ts";
import { foreign, watchDead } from "./wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

/** Keeps the event loop to itself; `npm run accept:block` does it for 20 s with the client's defaults. */
function blockLoop(forMs: number): void {
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs);
}

/** Long enough for a client that probes its link after 300 ms of silence to think that it is dead. */
const SHORT_BLOCK_MS = 1_800;
/** Mosquitto looks for clients that are overdue every five seconds. */
const LONG_BLOCK_MS = 7_500;

/** One message whose handler blocks, and then one more; what was handled, and what is known of it. */
const runBlocking = async (protocol: "5" | "3.1.1", block: () => void | Promise<void>) => {
  const heard = site.open({
    protocol,
    clientId: "blocked",
    url: site.broker.url,
    keepaliveSec: 1,
    probeAfterMs: 300,
    probeTimeoutMs: 300,
  });
  const dead = await watchDead(site);
  const handled = recorder<string>();
  const subscription = heard.client.subscribe(word, async ({ data }) => {
    handled.push(data.text);
    if (data.text === "blocks") await block();
  });
  await subscription.active;
  await using publisher = await site.raw({ mqttOptions: { keepalive: 60 } });

  await publisher.publish(word.filter, foreign({ text: "blocks" }));
  const report = await heard.log.until(({ level, message }) => level === "error" && message.includes("blocked"));
  await publisher.publish(word.filter, foreign({ text: "next" }));
  await handled.until((text) => text === "next");
  await heard.client.publishConfirmed(mark, { text: "whatever was sent again has come" });
  await dead.fence();
  return { ...heard, report, handled: handled.seen, dead: dead.letters.seen.length - 1 };
};

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test.each([
    { when: "before its first await", block: () => blockLoop(SHORT_BLOCK_MS) },
    {
      when: "after an await",
      block: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        blockLoop(SHORT_BLOCK_MS);
      },
    },
  ])(
    "a handler that blocks the loop $when is reported with its topic, runs once, and costs no connection",
    async ({ block }) => {
      const { report, handled, dead, client } = await runBlocking(protocol, block);

      expect(JSON.stringify(report.fields)).toContain(word.filter);
      expect(report.fields["blockedMs"]).toBeGreaterThan(SHORT_BLOCK_MS / 3);
      expect(handled).toEqual(["blocks", "next"]);
      expect([dead, client.state]).toMatchObject([0, { kind: "up", epoch: 1 }]);
    },
  );
});

test("a handler that blocks the loop until the broker gives the client up does not run again when it is back", async () => {
  const { report, handled, dead, client, count } = await runBlocking("3.1.1", () => blockLoop(LONG_BLOCK_MS));

  expect(report.fields).toMatchObject({ topic: word.filter });
  expect(handled).toEqual(["blocks", "next"]);
  expect(count("duplicates_suppressed")).toBe(1);
  expect([dead, client.state]).toMatchObject([0, { kind: "up", epoch: 2 }]);
});
