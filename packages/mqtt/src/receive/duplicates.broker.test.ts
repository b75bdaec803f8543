import { recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gate, lamp, mark, murmur, openSite, PROTOCOLS, type Site, texts, word } from "../client.fixture.ts";
import { foreign, publishTimes, task, untilAcknowledged } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a message that comes again after it was handled is acknowledged and not handled again", async () => {
    const heard = site.open({ protocol });
    const seen = recorder<string>();
    await heard.client.subscribe(word, ({ data }) => seen.push(data.text)).active;
    const publisher = await site.raw();

    await publishTimes(publisher, [word.filter, foreign({ text: "once" })], 5);
    for (const text of texts(3)) await publisher.publish(word.filter, foreign({ text }));
    await untilAcknowledged(site.link, 8);

    expect(seen.seen).toEqual(["once", ...texts(3)]);
    expect(heard.count("duplicates_suppressed")).toBe(4);
  });

  test("a message that comes again while it is handled joins the run, and both are acknowledged at its end", async () => {
    const heard = site.open({ protocol });
    const held = gate();
    const started = recorder<number>();
    const subscription = heard.client.subscribe(word, async ({ attempt }) => {
      started.push(attempt);
      await held.passed;
    });
    await subscription.active;
    const publisher = await site.raw();

    await publishTimes(publisher, [word.filter, foreign({ text: "a" })], 2);
    await started.next();
    await heard.client.publishConfirmed(mark, { text: "fence" });
    const before = heard.count("duplicates_suppressed");
    held.open();
    await untilAcknowledged(site.link, 2);

    expect([before, started.seen]).toEqual([1, [1]]);
  });

  test("a message that comes again while it waits behind its key is handled once, in its first place", async () => {
    const heard = site.open({ protocol });
    const held = gate();
    const started = recorder<number>();
    const subscription = heard.client.subscribe(task, async ({ data }) => {
      started.push(data.n);
      if (data.n === 0) await held.passed;
    });
    await subscription.active;
    const publisher = await site.raw();
    const queued = foreign({ n: 1 });

    await publisher.publish(task.filter, foreign({ n: 0 }));
    await publisher.publish(task.filter, queued);
    await publisher.publish(task.filter, foreign({ n: 2 }));
    await publisher.publish(task.filter, queued);
    await heard.client.publishConfirmed(mark, { text: "fence" });
    held.open();
    await untilAcknowledged(site.link, 4);

    expect(started.seen).toEqual([0, 1, 2]);
  });

  test("the same id with another payload is another message, since old peers use one id for several", async () => {
    const { client } = site.open({ protocol });
    const seen = recorder<string>();
    await client.subscribe(word, ({ data }) => seen.push(data.text)).active;
    const publisher = await site.raw();

    for (const text of ["a", "b"]) await publisher.publish(word.filter, foreign({ text }, { id: "reused" }));

    expect(await seen.take(2)).toEqual(["a", "b"]);
  });

  test("the same message reaches each of two subscriptions once", async () => {
    const { client } = site.open({ protocol });
    const seen = recorder<string>();
    await client.subscribe(word, () => seen.push("first")).active;
    await client.subscribe(word, () => seen.push("second")).active;
    const publisher = await site.raw();

    await publishTimes(publisher, [word.filter, foreign({ text: "a" })], 3);
    await untilAcknowledged(site.link, 3);

    expect([...seen.seen].sort()).toEqual(["first", "second"]);
  });

  test("a message that failed for good is not handled again when it comes again", async () => {
    const { client } = site.open({ protocol });
    const attempts = recorder<number>();
    const failing = ({ attempt }: { readonly attempt: number }): never => {
      attempts.push(attempt);
      throw new Error("no");
    };
    await client.subscribe(word, failing, { retry: { attempts: 2, minDelayMs: 1 } }).active;
    const publisher = await site.raw();

    await publishTimes(publisher, [word.filter, foreign({ text: "a" })], 2);
    await untilAcknowledged(site.link, 2);

    expect(attempts.seen).toEqual([1, 2]);
  });

  test("a state, a stream and a bare message are never duplicates", async () => {
    const { client } = site.open({ protocol });
    const seen = recorder<string>();
    const subscriptions = [
      client.subscribe(lamp, ({ data }) => seen.push(data.text)),
      client.subscribe(murmur, ({ data }) => seen.push(data.text)),
    ];
    await Promise.all(subscriptions.map(({ active }) => active));
    const publisher = await site.raw();

    await publishTimes(publisher, [lamp.filter, foreign({ text: "state" })], 2);
    await publishTimes(publisher, [murmur.filter, foreign({ text: "stream" })], 2);

    expect(await seen.take(4)).toEqual(["state", "state", "stream", "stream"]);
  });

  test("with duplicates switched off every copy is handled", async () => {
    const { client } = site.open({ protocol, dedupe: { ttlMs: 0 } });
    const seen = recorder<string>();
    await client.subscribe(word, ({ data }) => seen.push(data.text)).active;
    const publisher = await site.raw();

    await publishTimes(publisher, [word.filter, foreign({ text: "a" })], 2);

    expect(await seen.take(2)).toEqual(["a", "a"]);
  });
});
