import { recorder, within } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gate, halt, mark, openSite, PROTOCOLS, type Site, word } from "../client.fixture.ts";
import { rawTopic } from "../contract/index.ts";
import { foreign, openClocked, task, untilAcknowledged, watchDead } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a hanging handler holds back neither other keys, nor pings, nor publishing, nor close", async () => {
    const { client } = site.open({ protocol, probeAfterMs: 50, drainMs: 100 });
    const started = recorder<string>();
    const tasks = client.subscribe(task, ({ data: { key, n } }) => {
      started.push(`${key}${n}`);
      return key === "hangs" ? new Promise<never>(() => undefined) : undefined;
    });
    const control = client.subscribe(halt, () => started.push("halt"));
    await Promise.all([tasks.active, control.active]);
    const publisher = await site.raw();

    await publisher.publish(task.filter, foreign({ key: "hangs", n: 1 }));
    await started.next();
    const before = site.link.packets().length;
    await publisher.publish(task.filter, foreign({ key: "other", n: 1 }));
    await publisher.publish(halt.filter, foreign({ text: "" }));
    const others = await started.take(2);
    const published = client.publishConfirmed(mark, { text: "while it hangs" });
    await site.link.seen(({ index, packet }) => index > before && packet?.cmd === "pingresp");

    expect([...others].sort()).toEqual(["halt", "other1"]);
    await expect(published).resolves.toMatchObject({ id: expect.any(String) });
    await within(5_000, client.close());
    expect(await client.closed).toEqual({ reason: "requested" });
  });

  test("a handler that hangs is dead-lettered once as hung, acknowledged, not tried again, and blocks its key until it returns", async () => {
    await using heard = openClocked(site, { protocol, clientId: "hanging" });
    const dead = await watchDead(site);
    const held = gate();
    const started = recorder<string>();
    const subscription = heard.client.subscribe(
      task,
      async ({ data: { key, n }, attempt }) => {
        started.push(`${key}${n} attempt ${attempt}`);
        if (n === 1) await held.passed;
      },
      { timeoutMs: 2_000, retry: { attempts: 3 } },
    );
    await subscription.active;
    const publisher = await site.raw();

    for (const n of [1, 2]) await publisher.publish(task.filter, foreign({ key: "a", n }));
    await started.next();
    await heard.clock.advance(3_000);
    const { letter } = await dead.letters.next();
    await untilAcknowledged(site.link, 1);
    await heard.client.publishConfirmed(mark, { text: "fence" });
    const before = [...started.seen];
    held.open();

    expect(letter).toMatchObject({ reason: "handler_hung", attempts: 1, topic: task.filter });
    expect(before).toEqual(["a1 attempt 1"]);
    expect(await started.next()).toBe("a2 attempt 1");
    expect(heard.count("dead_letters")).toBe(1);
  });

  test("a handler that never returns frees its key 30 s after it was given up, and is reported with its topic", async () => {
    await using heard = openClocked(site, { protocol, clientId: "zombie" });
    const dead = await watchDead(site);
    const started = recorder<number>();
    const subscription = heard.client.subscribe(
      task,
      ({ data: { n } }) => {
        started.push(n);
        return n === 1 ? new Promise<never>(() => undefined) : undefined;
      },
      { timeoutMs: 2_000 },
    );
    await subscription.active;
    const publisher = await site.raw();

    for (const n of [1, 2]) await publisher.publish(task.filter, foreign({ n }));
    await started.next();
    await heard.clock.advance(3_000);
    await dead.letters.next();
    await untilAcknowledged(site.link, 1);
    await heard.clock.advance(29_999);
    const before = [...started.seen];
    await heard.clock.advance(1);

    expect([before, await started.next()]).toEqual([[1], 2]);
    const report = heard.log.seen.find(({ message }) => message.startsWith("a handler never returned"));
    expect(report).toMatchObject({ level: "error", fields: { topic: task.name } });
  });

  test("the signal of a raw message too says that its time is over", async () => {
    await using heard = openClocked(site, { protocol });
    const signals = recorder<AbortSignal>();
    const subscription = heard.client.subscribe(
      rawTopic(word.filter),
      ({ signal }) => {
        signals.push(signal);
        return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
      },
      { timeoutMs: 2_000 },
    );
    await subscription.active;
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "a" }));
    const signal = await signals.next();
    await heard.clock.advance(1_999);
    const before = signal.aborted;
    await heard.clock.advance(1);
    await untilAcknowledged(site.link, 1);

    expect([before, signal.aborted]).toEqual([false, true]);
    expect(signals.seen).toHaveLength(1);
  });

  test("a message for a hung key is handled by other subscriptions of it meanwhile", async () => {
    const { client } = site.open({ protocol });
    const heard = recorder<string>();
    const held = gate();
    const hangs = client.subscribe(word, () => held.passed);
    const works = client.subscribe(word, ({ data }) => heard.push(data.text));
    await Promise.all([hangs.active, works.active]);
    const publisher = await site.raw();

    for (const text of ["a", "b"]) await publisher.publish(word.filter, foreign({ text }));

    expect(await heard.take(2)).toEqual(["a", "b"]);
    held.open();
  });
});
