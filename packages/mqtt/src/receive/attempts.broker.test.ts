import { recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { gate, openSite, PROTOCOLS, type Site, word } from "../client.fixture.ts";
import { defineTopic } from "../contract/index.ts";
import { foreign, openClocked, task, untilAcknowledged, watchDead } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

/** Worthless after 100 ms. */
const urgent = defineTopic({
  name: "test/urgent",
  type: "test.urgent",
  delivery: "command",
  ttlMs: 100,
  payload: z.object({ text: z.string() }),
});
const RETRY = { attempts: 3, minDelayMs: 1, maxDelayMs: 2 };

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a handler that fails is tried again, is told which attempt it is, and then the message counts as handled", async () => {
    const { client } = site.open({ protocol });
    const dead = await watchDead(site);
    const attempts = recorder<{ attempt: number; redelivered: boolean }>();
    const subscription = client.subscribe(
      word,
      ({ attempt, redelivered }) => {
        attempts.push({ attempt, redelivered });
        if (attempt === 1) throw new Error("thrown");
        return attempt === 2 ? Promise.reject(new Error("rejected")) : undefined;
      },
      { retry: RETRY },
    );
    await subscription.active;
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "a" }));
    await untilAcknowledged(site.link, 1);
    await dead.fence();

    expect(attempts.seen).toEqual([
      { attempt: 1, redelivered: false },
      { attempt: 2, redelivered: true },
      { attempt: 3, redelivered: true },
    ]);
    expect(dead.letters.seen.length).toBe(1);
  });

  test("a message waits behind the attempts of its key, and one of another key does not", async () => {
    const { client } = site.open({ protocol });
    const held = gate();
    const story = recorder<string>();
    const subscription = client.subscribe(
      task,
      async ({ data: { key, n }, attempt }) => {
        story.push(`${key}${n} attempt ${attempt}`);
        if (key !== "a" || n !== 1) return;
        if (attempt === 2) await held.passed;
        else throw new Error("not yet");
      },
      { retry: RETRY },
    );
    await subscription.active;
    const publisher = await site.raw();

    for (const data of [
      { key: "a", n: 1 },
      { key: "a", n: 2 },
      { key: "b", n: 1 },
    ]) {
      await publisher.publish(task.filter, foreign(data));
    }
    const before = await story.take(3);
    held.open();

    expect([...before].sort()).toEqual(["a1 attempt 1", "a1 attempt 2", "b1 attempt 1"]);
    expect(await story.next()).toBe("a2 attempt 1");
  });

  test("the signal of a handler aborts at its timeout, and the attempt counts as failed when it gives up", async () => {
    await using heard = openClocked(site, { protocol });
    const reasons = recorder<unknown>();
    const subscription = heard.client.subscribe(
      word,
      ({ signal, attempt }) => {
        if (attempt === 2) return undefined;
        return new Promise((_resolve, reject) => {
          reasons.push("started");
          signal.addEventListener("abort", () => {
            reasons.push(signal.reason);
            reject(signal.reason);
          });
        });
      },
      { timeoutMs: 700, retry: { attempts: 2 } },
    );
    await subscription.active;
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "a" }));
    await reasons.next();
    await heard.clock.advance(699);
    const early = reasons.seen.length;
    await heard.clock.advance(1);
    const reason = await reasons.next();
    await heard.clock.advance(100);
    await untilAcknowledged(site.link, 1);

    expect([early, reason]).toEqual([1, expect.objectContaining({ name: "TimeoutError" })]);
    expect(heard.count("dead_letters")).toBe(0);
  });

  test("a handler that ends well within a second after its timeout has handled its message", async () => {
    await using heard = openClocked(site, { protocol });
    const started = recorder<number>();
    const held = gate();
    const subscription = heard.client.subscribe(
      word,
      async ({ attempt }) => {
        started.push(attempt);
        await held.passed;
      },
      { timeoutMs: 700 },
    );
    await subscription.active;
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "a" }));
    await started.next();
    await heard.clock.advance(1_699);
    held.open();
    await untilAcknowledged(site.link, 1);

    expect([started.seen, heard.count("dead_letters")]).toEqual([[1], 0]);
  });

  test("a handler is not started for a message that expired while it waited, and the message is acknowledged", async () => {
    await using heard = openClocked(site, { protocol });
    const held = gate();
    const started = recorder<string>();
    const subscription = heard.client.subscribe(urgent, async ({ data }) => {
      started.push(data.text);
      await held.passed;
    });
    await subscription.active;
    const publisher = await site.raw();

    for (const text of ["in time", "too late"]) await publisher.publish(urgent.filter, foreign({ text }));
    await started.next();
    await heard.client.publishConfirmed(word, { text: "fence" });
    await heard.clock.advance(101);
    held.open();
    await untilAcknowledged(site.link, 2);

    expect([started.seen, heard.count("expired_inbound"), heard.count("dead_letters")]).toEqual([["in time"], 1, 0]);
  });
});

test("on MQTT 5 the time a message has left counts from its arrival, when it is shorter than its contract's", async () => {
  await using heard = openClocked(site, { protocol: "5" });
  const held = gate();
  const started = recorder<string>();
  const subscription = heard.client.subscribe(word, async ({ data }) => {
    started.push(data.text);
    await held.passed;
  });
  await subscription.active;
  const publisher = await site.raw();

  await publisher.publish(word.filter, foreign({ text: "first" }));
  const properties = { messageExpiryInterval: 2 };
  await publisher.publish(word.filter, foreign({ text: "second" }), { properties });
  await started.next();
  await heard.client.publishConfirmed(word, { text: "third" });
  await heard.clock.advance(2_001);
  held.open();
  await started.next();

  expect([started.seen, heard.count("expired_inbound")]).toEqual([["first", "third"], 1]);
});
