import { openScriptedBroker, recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  gate,
  lamp,
  mark,
  murmur,
  openClient,
  openSite,
  PROTOCOLS,
  type Site,
  texts,
  word,
  wordOf,
} from "../client.fixture.ts";
import { rawTopic } from "../contract/index.ts";
import { SubscriptionRefusedError } from "../errors.ts";
import { foreign, task, untilAcknowledged, watchDead } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("every subscription whose filter matches runs once for a message", async () => {
    const { client } = site.open({ protocol });
    const seen = recorder<string>();
    const filters = ["test/#", "test/+", "+/word", word.filter];
    const raws = filters.map((filter) => client.subscribe(rawTopic(filter), () => seen.push(filter)));
    const typed = client.subscribe(word, () => seen.push("typed"));
    const fence = client.subscribe(murmur, () => seen.push("fence"));
    await Promise.all([...raws, typed, fence].map(({ active }) => active));
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "a" }));
    await untilAcknowledged(site.link, 1);
    await client.publishConfirmed(mark, { text: "it has come as often as it will" });

    const runs = seen.seen.filter((filter) => filter !== "fence");
    expect(runs.filter((filter) => filter === "typed").length).toBe(1);
    expect(new Set(runs)).toEqual(new Set([...filters, "typed"]));
  });

  test("of overlapping subscriptions with contracts each handles a message once", async () => {
    const { client } = site.open({ protocol });
    const seen = recorder<string>();
    const all = client.subscribe(wordOf, ({ params }) => seen.push(`all ${params.key}`));
    const one = client.subscribe(wordOf.at({ key: "a" }), () => seen.push("one"));
    const fence = client.subscribe(mark, () => seen.push("fence"));
    await Promise.all([all, one, fence].map(({ active }) => active));
    const publisher = await site.raw();

    for (const key of ["a", "b"]) await publisher.publish(`test/of/${key}`, foreign({ text: key }));
    await publisher.publish(mark.filter, foreign({ text: "" }));
    await seen.takeThrough((step) => step === "fence");

    expect([...seen.seen].sort()).toEqual(["all a", "all b", "fence", "one"]);
  });

  test("two subscriptions of one filter each have their own attempts and their own dead letter", async () => {
    const { client } = site.open({ protocol, clientId: "twice" });
    const dead = await watchDead(site);
    const seen = recorder<string>();
    const fails = client.subscribe(
      word,
      ({ attempt }) => {
        seen.push(`fails ${attempt}`);
        throw new Error("no");
      },
      { retry: { attempts: 2, minDelayMs: 1 } },
    );
    const works = client.subscribe(word, ({ attempt }) => seen.push(`works ${attempt}`));
    await Promise.all([fails.active, works.active]);
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "a" }));
    await untilAcknowledged(site.link, 1);
    await dead.fence();

    expect([...seen.seen].sort()).toEqual(["fails 1", "fails 2", "works 1"]);
    expect(dead.letters.seen.filter(({ letter }) => letter !== undefined).length).toBe(1);
  });

  test("a subscription reaches the broker with the QoS of its contract", async () => {
    const { client } = site.open({ protocol });

    const subscriptions = [word, murmur, lamp].map((topic) => client.subscribe(topic, () => undefined));
    await Promise.all(subscriptions.map(({ active }) => active));

    const asked = site.link
      .packets()
      .flatMap(({ packet }) => (packet?.cmd === "subscribe" ? packet.subscriptions : []))
      .map(({ topic, qos }) => [topic, qos]);
    expect(new Map(asked.map(([topic, qos]) => [topic, qos]))).toEqual(
      new Map<unknown, unknown>([
        [word.filter, 1],
        [murmur.filter, 0],
        [lamp.filter, 1],
        [`dead/${client.clientId}/+`, 1],
      ]),
    );
  });

  test("a stopped subscription unsubscribes, waits for its running handler after telling it, and handles nothing more", async () => {
    const { client } = site.open({ protocol });
    const story = recorder<string>();
    const subscription = client.subscribe(task, async ({ data, signal }) => {
      story.push(`started ${data.n}`);
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      story.push(`ended ${data.n}`);
    });
    const fence = client.subscribe(mark, () => story.push("fence"));
    await Promise.all([subscription.active, fence.active]);
    const publisher = await site.raw();
    for (const n of [1, 2]) await publisher.publish(task.filter, foreign({ n }));
    await story.next();
    await client.publishConfirmed(word, { text: "both have come" });

    await subscription.stop();
    story.push("stopped");
    await site.link.seen(({ packet }) => packet?.cmd === "unsuback");
    await publisher.publish(task.filter, foreign({ n: 3 }));
    await publisher.publish(mark.filter, foreign({ text: "" }));
    await story.takeThrough((step) => step === "fence");

    expect(story.seen).toEqual(["started 1", "ended 1", "stopped", "fence"]);
    const left = site.link
      .packets()
      .flatMap(({ packet }) => (packet?.cmd === "unsubscribe" ? packet.unsubscriptions : []));
    expect(left).toEqual([task.filter]);
    // Nothing that the stopped subscription held keeps the window.
    await untilAcknowledged(site.link, 3);
  });

  test("stopping one of two subscriptions of a filter leaves the other its messages", async () => {
    const { client } = site.open({ protocol });
    const seen = recorder<string>();
    const stopped = client.subscribe(word, () => seen.push("stopped"));
    const stays = client.subscribe(word, ({ data }) => seen.push(data.text));
    await Promise.all([stopped.active, stays.active]);
    const publisher = await site.raw();

    await Promise.all([stopped.stop(), stopped.stop()]);
    for (const text of texts(3)) await publisher.publish(word.filter, foreign({ text }));

    expect(await seen.take(3)).toEqual(texts(3));
    expect(site.link.packets().some(({ packet }) => packet?.cmd === "unsubscribe")).toBe(false);
  });

  test("a subscription may be stopped from inside its own handler", async () => {
    const { client } = site.open({ protocol });
    const story = recorder<string>();
    const stopped = gate();
    const subscription = client.subscribe(word, async () => {
      story.push("handled");
      await subscription.stop();
      stopped.open();
    });
    await subscription.active;
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "a" }));
    await stopped.passed;
    await untilAcknowledged(site.link, 1);
    await publisher.publish(word.filter, foreign({ text: "b" }));
    await client.publishConfirmed(mark, { text: "it would have come by now" });

    expect(story.seen).toEqual(["handled"]);
  });

  test("a subscription made while connected is active at its SUBACK, and many made together share one packet", async () => {
    const { client } = site.open({ protocol });
    await client.ready();
    const before = site.link.packets().length;

    const subscriptions = texts(20).map((key) => client.subscribe(wordOf.at({ key }), () => undefined));
    await Promise.all(subscriptions.map(({ active }) => active));

    const packets = site.link.packets().slice(before);
    const asked = packets.filter(({ packet }) => packet?.cmd === "subscribe").length;
    expect(packets.filter(({ packet }) => packet?.cmd === "suback").length).toBe(asked);
    // On MQTT 5 a packet carries one subscription identifier, so each filter needs its own; they leave in one write.
    expect(asked).toBe(protocol === "5" ? 21 : 1);
  });

  test("a refused subscription rejects `active` by name, and the others of the same packet work", async () => {
    const refusal = protocol === "5" ? 0x87 : 0x80;
    await using broker = await openScriptedBroker(async (peer) => {
      await peer.accept();
      // On MQTT 5 each filter comes in a packet of its own, with its identifier.
      for (let packet = 0; packet < (protocol === "5" ? 2 : 1); packet += 1) {
        const { messageId = 0, subscriptions } = await peer.expect("subscribe");
        const granted = subscriptions.map(({ topic }) => (topic === word.filter ? refusal : 1));
        peer.send({ cmd: "suback", messageId, granted });
      }
    });
    const { client, log } = openClient({ url: broker.url, protocol });

    const refused = client.subscribe(word, () => undefined, { onFailure: "drop" });
    const granted = client.subscribe(mark, () => undefined, { onFailure: "drop" });
    await granted.active;

    await expect(refused.active).rejects.toMatchObject({
      name: SubscriptionRefusedError.name,
      filter: word.filter,
      reasonCode: refusal,
    });
    expect(log.seen.some(({ message }) => message === "subscription refused")).toBe(true);
    await client.close();
  });
});

test.each(["5", "3.1.1"] as const)(
  "a subscription that was refused is asked for again, and heard once it is granted (MQTT %s)",
  async (protocol) => {
    await using broker = await openScriptedBroker(async (peer) => {
      await peer.accept();
      for (const code of [0x80, 0x80, 1]) {
        const { messageId = 0 } = await peer.expect("subscribe");
        peer.send({ cmd: "suback", messageId, granted: [code] });
      }
      peer.send({ cmd: "publish", topic: word.filter, payload: "heard", qos: 0, dup: false, retain: false });
    });
    const { client, log } = openClient({ url: broker.url, protocol });
    const heard = recorder<string>();

    const refused = client.subscribe(rawTopic(word.filter), ({ payload }) =>
      heard.push(Buffer.from(payload).toString()),
    );

    await expect(refused.active).rejects.toThrow(SubscriptionRefusedError);
    expect(await heard.next()).toBe("heard");
    await log.until(({ message }) => message === "subscription granted after all");
    const told = log.seen.map(({ message }) => message).filter((message) => message.startsWith("subscription "));
    expect(told).toEqual(["subscription refused", "subscription granted after all"]);
    await client.close();
  },
);

test("on MQTT 5 each message of a shared subscription reaches one member of the group", async () => {
  const seen = recorder<string>();
  const members = texts(2).map((member) => ({ member, ...site.open({ protocol: "5", clientId: `member-${member}` }) }));
  for (const { client, member } of members) {
    await client.subscribe(word, ({ data }) => seen.push(`${member} ${data.text}`), { share: "workers" }).active;
  }
  const publisher = await site.raw();

  for (const text of texts(20)) await publisher.publish(word.filter, foreign({ text }));
  await seen.take(20);
  await untilAcknowledged(site.link, 20);

  expect(seen.seen.map((step) => step.split(" ")[1]).sort()).toEqual([...texts(20)].sort());
  expect(new Set(seen.seen.map((step) => step.split(" ")[0]))).toEqual(new Set(["0", "1"]));
});

test.each([
  ["5", []],
  ["3.1.1", ["$share/workers/test/word"]],
] as const)("a shared subscription on MQTT %s warns where the version has none", async (protocol, warned) => {
  const { client, log } = site.open({ protocol });

  await client.subscribe(word, () => undefined, { share: "workers" }).active;

  const warnings = log.seen.filter(({ level }) => level === "warn");
  expect(warnings.map(({ fields }) => fields["filter"])).toEqual(warned);
});

test("a shared subscription and a plain one of the same filter in one client both run", async () => {
  const { client } = site.open({ protocol: "5" });
  const seen = recorder<string>();
  const shared = client.subscribe(word, () => seen.push("shared"), { share: "workers" });
  const plain = client.subscribe(word, () => seen.push("plain"));
  await Promise.all([shared.active, plain.active]);
  const publisher = await site.raw();

  await publisher.publish(word.filter, foreign({ text: "a" }));

  expect([...(await seen.take(2))].sort()).toEqual(["plain", "shared"]);
});

test.each(["", "a/b", "+", "#"])("a share named %j is refused at once", (share) => {
  const { client } = site.open();

  expect(() => client.subscribe(word, () => undefined, { share })).toThrow(TypeError);
});
