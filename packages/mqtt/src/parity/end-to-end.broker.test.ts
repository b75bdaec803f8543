/** What the reference client's end-to-end tests assert, with a real broker, over both protocol versions. */
import { recorder, until } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { gate, mark, openSite, PROTOCOLS, type Site, sum, texts, word, wordOf } from "../client.fixture.ts";
import { defineTopic, rawTopic } from "../contract/index.ts";
import { foreign, publishesDown, publishTimes, untilAcknowledged } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

/** As old peers send it: no envelope, so no id to know it again by. */
const bareWord = defineTopic({
  name: "test/bare",
  type: "test.bare",
  delivery: "event",
  wire: "bare",
  payload: z.object({ text: z.string() }),
});

/** Topics at, below, above and beside one level under `test/of`. */
const AROUND = ["test/of", "test/of/a", "test/of/b", "test/of/a/b", "test/off/a", "test"];

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a message published by one client is handled by another", async () => {
    const speaking = site.open({ protocol, source: "speaker" });
    const listening = site.open({ protocol });
    const heard = recorder<object>();
    await listening.client.subscribe(word, ({ data, topic, id, source }) => heard.push({ data, topic, id, source }))
      .active;

    const id = speaking.client.publish(word, { text: "hello" });

    expect(await heard.next()).toEqual({ data: { text: "hello" }, topic: word.filter, id, source: "speaker" });
  });

  test("a message reaches the handlers of its own topic and of no other", async () => {
    const { client } = site.open({ protocol });
    const heard = recorder<string>();
    const subscriptions = [
      client.subscribe(word, ({ data }) => heard.push(`word ${data.text}`)),
      client.subscribe(wordOf.at({ key: "a" }), ({ data }) => heard.push(`a ${data.text}`)),
      client.subscribe(wordOf.at({ key: "b" }), ({ data }) => heard.push(`b ${data.text}`)),
    ];
    await Promise.all(subscriptions.map(({ active }) => active));
    const publisher = await site.raw();

    await publisher.publish("test/of/a", foreign({ text: "1" }));
    await publisher.publish(word.filter, foreign({ text: "2" }));
    await publisher.publish("test/of/b", foreign({ text: "3" }));

    expect(await heard.take(3)).toEqual(["a 1", "word 2", "b 3"]);
    await untilAcknowledged(site.link, 3);
    expect(heard.seen.length).toBe(3);
  });

  test.each([
    ["test/of/+", ["test/of/a", "test/of/b"]],
    ["+/of/a", ["test/of/a"]],
    ["+", ["test"]],
    ["test/of/#", ["test/of", "test/of/a", "test/of/b", "test/of/a/b"]],
    ["#", AROUND],
  ] as const)("the filter %s delivers what lies under it and nothing else", async (filter, expected) => {
    const { client } = site.open({ protocol });
    const heard = recorder<string>();
    const wanted = client.subscribe(rawTopic(filter), ({ topic }) => heard.push(topic));
    const fence = client.subscribe(mark, () => heard.push("fence"));
    await Promise.all([wanted.active, fence.active]);
    const publisher = await site.raw();

    for (const topic of AROUND) await publisher.publish(topic, "x");
    await untilAcknowledged(site.link, expected.length);
    await publisher.publish(mark.filter, foreign({ text: "" }));
    await heard.takeThrough((topic) => topic === "fence");

    const under = heard.seen.filter((topic) => topic !== "fence" && topic !== mark.filter);
    expect([...under].sort()).toEqual([...expected].sort());
  });

  test("two handlers of one filter both run for each message", async () => {
    const { client } = site.open({ protocol });
    const heard = recorder<string>();
    const first = client.subscribe(word, ({ data }) => heard.push(`first ${data.text}`));
    const second = client.subscribe(word, ({ data }) => heard.push(`second ${data.text}`));
    await Promise.all([first.active, second.active]);

    for (const text of texts(2)) client.publish(word, { text });
    await untilAcknowledged(site.link, 2);

    expect([...heard.seen].sort()).toEqual(["first 0", "first 1", "second 0", "second 1"]);
  });

  test("bare messages are never duplicates, however equal they are", async () => {
    const heardClient = site.open({ protocol });
    const heard = recorder<string>();
    await heardClient.client.subscribe(bareWord, ({ data }) => heard.push(data.text)).active;
    const publisher = await site.raw();

    await publishTimes(publisher, [bareWord.filter, JSON.stringify({ text: "again" })], 3);

    expect(await heard.take(3)).toEqual(["again", "again", "again"]);
    expect(heardClient.count("duplicates_suppressed")).toBe(0);
  });

  test("a request is answered by the reply that carries its envelope's id, and by no other", async () => {
    const { client } = site.open({ protocol });
    const answer = new Map([1, 10].map((a) => [a, gate()]));
    const answering = client.respond(sum, async ({ data: { a, b } }) => {
      await answer.get(a)?.passed;
      return { sum: a + b };
    });
    await answering.active;
    const publisher = await site.raw();

    const first = client.request(sum, { a: 1, b: 2 });
    const second = client.request(sum, { a: 10, b: 20 });
    await until(() => publishesDown(site.link, sum.request.filter).length === 2);
    await publisher.publish(sum.reply.filter, foreign({ sum: -1 }, { reply_to_id: "f".repeat(32) }));
    await until(() => publishesDown(site.link, sum.reply.filter).length === 1);
    answer.get(10)?.open();
    const answeredFirst = await Promise.race([first, second]);
    answer.get(1)?.open();

    expect([answeredFirst, await first, await second].map((reply) => reply.sum)).toEqual([30, 3, 30]);
  });
});
