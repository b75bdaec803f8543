import { recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gate, mark, openSite, PROTOCOLS, type Site, word } from "../client.fixture.ts";
import { foreign, task } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

const KEYS = ["a", "b", "c"];

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("messages of one key are handled in publish order, one at a time", async () => {
    const { client } = site.open({ protocol });
    const publisher = site.open({ protocol }).client;
    const story = recorder<string>();
    const running = new Set<string>();
    const overlaps: string[] = [];
    const subscription = client.subscribe(task, async ({ data: { key, n } }) => {
      if (running.has(key)) overlaps.push(key);
      running.add(key);
      story.push(`${key}${n}`);
      // Later messages of the key would overtake here, if they could.
      for (let turn = n % 5; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      running.delete(key);
    });
    await subscription.active;

    for (let n = 0; n < 100; n += 1) for (const key of KEYS) publisher.publish(task.at({}), { key, n });
    await story.take(300);

    const expected = Array.from({ length: 100 }, (_, n) => n);
    for (const key of KEYS) {
      expect(story.seen.filter((step) => step.startsWith(key)).map((step) => Number(step.slice(1)))).toEqual(expected);
    }
    expect(overlaps).toEqual([]);
  });

  test("messages of other keys are handled beside one whose handler takes long, and those of its own key wait", async () => {
    const { client } = site.open({ protocol });
    const held = gate();
    const started = recorder<string>();
    const subscription = client.subscribe(task, async ({ data: { key, n } }) => {
      started.push(`${key}${n}`);
      if (key === "slow" && n === 1) await held.passed;
    });
    await subscription.active;
    const publisher = await site.raw();

    for (const data of [
      { key: "slow", n: 1 },
      { key: "slow", n: 2 },
      { key: "b", n: 1 },
      { key: "c", n: 1 },
    ]) {
      await publisher.publish(task.filter, foreign(data));
    }
    const before = await started.take(3);
    held.open();

    expect(before).toEqual(["slow1", "b1", "c1"]);
    expect(await started.next()).toBe("slow2");
  });

  test("of one subscription at most as many keys run as its concurrency says", async () => {
    const { client } = site.open({ protocol });
    const holds = new Map(KEYS.map((key) => [key, gate()]));
    const started = recorder<string>();
    const tasks = client.subscribe(
      task,
      async ({ data }) => {
        started.push(data.key);
        await holds.get(data.key)?.passed;
      },
      { concurrency: 2 },
    );
    const fence = client.subscribe(mark, () => started.push("fence"));
    await Promise.all([tasks.active, fence.active]);
    const publisher = await site.raw();

    for (const key of KEYS) await publisher.publish(task.filter, foreign({ key, n: 1 }));
    await publisher.publish(mark.filter, foreign({ text: "" }));
    const before = await started.take(3);
    holds.get("b")?.open();

    expect(before).toEqual(["a", "b", "fence"]);
    expect(await started.next()).toBe("c");
    for (const hold of holds.values()) hold.open();
  });

  test("over all subscriptions of a client at most as many keys run as its concurrency says", async () => {
    const { client } = site.open({ protocol, concurrency: 2 });
    const held = gate();
    const started = recorder<string>();
    const handler = async (name: string): Promise<void> => {
      started.push(name);
      await held.passed;
    };
    const tasks = client.subscribe(task, ({ data }) => handler(data.key));
    const words = client.subscribe(word, ({ data }) => handler(data.text));
    await Promise.all([tasks.active, words.active]);
    const publisher = await site.raw();

    await publisher.publish(task.filter, foreign({ key: "a", n: 1 }));
    await publisher.publish(task.filter, foreign({ key: "b", n: 1 }));
    await publisher.publish(word.filter, foreign({ text: "w" }));
    await publisher.publish(mark.filter, foreign({ text: "" }));
    // Its PUBACK comes behind the three messages.
    await client.publishConfirmed(mark, { text: "fence" });
    const before = [...started.seen];
    held.open();
    await started.take(3);

    expect([before, started.seen]).toEqual([
      ["a", "b"],
      ["a", "b", "w"],
    ]);
  });
});
