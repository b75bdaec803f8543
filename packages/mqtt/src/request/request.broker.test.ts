/** Questions and answers, between two of ours and with a foreign peer. */
import { recorder, until } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { gate, openSite, PROTOCOLS, type Site, sum, texts, word } from "../client.fixture.ts";
import { defineRequest, rawTopic } from "../contract/index.ts";
import { RemoteError, RequestTimeoutError } from "../errors.ts";
import { foreign } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite({ maxInflight: 3 });
});
afterEach(() => site[Symbol.asyncDispose]());

const question = (a: number, b: number, parts: object = {}) => ({
  id: String(a * 1_000 + b).padStart(32, "0"),
  type: sum.request.type,
  ts: Date.now() / 1_000,
  source: "peer",
  data: { a, b },
  ...parts,
});

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  /** Somebody who adds, and somebody who asks. */
  async function openPair() {
    const answering = site.open({ protocol, url: site.broker.url });
    const asking = site.open({ protocol });
    return { answering, asking };
  }

  test("a question is answered", async () => {
    const { answering, asking } = await openPair();
    await answering.client.respond(sum, ({ data: { a, b } }) => ({ sum: a + b })).active;

    expect(await asking.client.request(sum, { a: 1, b: 2 })).toEqual({ sum: 3 });
  });

  test("what the answering side throws reaches the asker with its code and its text, and is no dead letter", async () => {
    const { answering, asking } = await openPair();
    await answering.client.respond(sum, () => {
      throw Object.assign(new Error("the abacus is broken"), { code: "ABACUS" });
    }).active;

    const asked = asking.client.request(sum, { a: 1, b: 2 });

    await expect(asked).rejects.toBeInstanceOf(RemoteError);
    await expect(asked).rejects.toMatchObject({ remoteCode: "ABACUS", topic: sum.reply.filter });
    await expect(asked).rejects.toThrow("the abacus is broken");
    expect(answering.count("dead_letters")).toBe(0);
  });

  test("an answer without reply_to_id, as the reference's peers send and need it, is known by the question's id", async () => {
    const strict = defineRequest({
      name: "test/product",
      type: "test.product",
      payload: z.object({ a: z.number(), b: z.number() }),
      replyName: "test/product/reply",
      replyType: "test.product.reply",
      replyPayload: z.object({ product: z.number() }),
      reference: { lacks: [] },
      replyReference: { lacks: [] },
    });
    const answering = site.open({ protocol, url: site.broker.url, compat: "five-keys" });
    const asking = site.open({ protocol, compat: "five-keys" });
    const replies = recorder<Uint8Array>();
    await asking.client.subscribe(rawTopic(strict.reply.filter), ({ payload }) => void replies.push(payload)).active;
    await answering.client.respond(strict, ({ data: { a, b } }) => ({ product: a * b })).active;

    expect(await asking.client.request(strict, { a: 6, b: 7 }, { correlationId: "turn" })).toEqual({ product: 42 });
    const [reply] = await replies.take(1);
    expect(Object.keys(JSON.parse(String(Buffer.from(reply ?? [])))).toSorted()).toEqual([
      "data",
      "id",
      "source",
      "ts",
      "type",
    ]);
  });

  test("an answer that breaks the contract reaches the asker as the answering side's failure", async () => {
    const { answering, asking } = await openPair();
    await answering.client.respond(sum, () => ({ sum: Number.NaN })).active;

    const asked = asking.client.request(sum, { a: 1, b: 2 });

    await expect(asked).rejects.toMatchObject({ remoteCode: "MQTT_CONTRACT_VIOLATION" });
  });

  test("an answer of a foreign peer that breaks the contract ends the question, and says what is wrong with it", async () => {
    const { asking } = await openPair();
    const peer = await site.raw();
    await peer.subscribe(sum.request.filter);

    const asked = asking.client.request(sum, { a: 1, b: 2 });
    const { id } = JSON.parse((await peer.received.next()).text);
    await peer.publish(sum.reply.filter, foreign({ sum: "three" }, { type: sum.reply.type, reply_to_id: id }));

    await expect(asked).rejects.toBeInstanceOf(RemoteError);
    await expect(asked).rejects.toMatchObject({ remoteCode: "bad_reply", topic: sum.reply.filter });
    await expect(asked).rejects.toThrow("sum ");
  });

  test("a question that nobody answers ends with its deadline, and may have been sent", async () => {
    const { answering, asking } = await openPair();
    const held = gate();
    const hearsOnlyZero = answering.client.respond(sum, async ({ data: { a } }) => {
      if (a > 0) await held.passed;
      return { sum: 0 };
    });
    await hearsOnlyZero.active;
    await asking.client.request(sum, { a: 0, b: 0 });

    const asked = asking.client.request(sum, { a: 1, b: 2 }, { timeoutMs: 200 });

    await expect(asked).rejects.toBeInstanceOf(RequestTimeoutError);
    await expect(asked).rejects.toMatchObject({ sent: "maybe", timeoutMs: 200 });
    held.open();
  });

  test("a question that could not be sent within its deadline was not, and never will be", async () => {
    const { asking } = await openPair();
    site.link.down();

    const asked = asking.client.request(sum, { a: 1, b: 2 }, { timeoutMs: 50 });
    await expect(asked).rejects.toMatchObject({ code: "MQTT_REQUEST_TIMEOUT", sent: "no" });
    await site.link.up();
    await asking.client.publishConfirmed(word, { text: "fence" });

    const sent = site.link.packets().flatMap(({ packet }) => (packet?.cmd === "publish" ? [packet.topic] : []));
    expect(sent).toEqual([word.filter]);
  });

  test("a handler may ask, also when a full window of unfinished messages waits behind it", async () => {
    const { answering, asking } = await openPair();
    await answering.client.respond(sum, ({ data: { a, b } }) => ({ sum: a + b })).active;
    const asker = site.open({ protocol, receiveMaximum: 3 });
    const isFull = gate();
    const sums = recorder<number>();
    await asker.client.subscribe(word, async ({ data }) => {
      await isFull.passed;
      sums.push((await asker.client.request(sum, { a: Number(data.text), b: 0 })).sum);
    }).active;
    for (const text of texts(10)) asking.client.publish(word, { text });
    // Three are at the asker's, none of them acknowledged: the broker sends no more.
    await site.link.record.untilAll(
      (seen) => seen.filter(({ packet, direction }) => direction === "down" && packet?.cmd === "publish").length >= 3,
    );

    isFull.open();

    expect(await sums.take(10)).toEqual(texts(10).map(Number));
  });

  test("two who ask at the same time each get their own answers", async () => {
    const { answering, asking } = await openPair();
    const other = site.open({ protocol });
    await answering.client.respond(sum, ({ data: { a, b } }) => ({ sum: a + b })).active;
    const ask = ({ client }: typeof other, offset: number) =>
      Promise.all(texts(20).map((text) => client.request(sum, { a: Number(text), b: offset })));

    const [mine, yours] = await Promise.all([ask(asking, 0), ask(other, 100)]);

    expect(mine.map(({ sum }) => sum)).toEqual(texts(20).map(Number));
    expect(yours.map(({ sum }) => sum)).toEqual(texts(20).map((text) => Number(text) + 100));
  });

  test("questions do not wait for each other at the one who answers", async () => {
    const { answering, asking } = await openPair();
    const held = gate();
    const started = recorder<number>();
    await answering.client.respond(sum, async ({ data: { a, b } }) => {
      started.push(a);
      if (a === 1) await held.passed;
      return { sum: a + b };
    }).active;

    const slow = asking.client.request(sum, { a: 1, b: 0 });
    await started.next();
    const quick = await asking.client.request(sum, { a: 2, b: 0 });
    held.open();

    expect([quick, await slow]).toEqual([{ sum: 2 }, { sum: 1 }]);
  });

  test("the first answer counts, and a second one is counted", async () => {
    const { answering, asking } = await openPair();
    const second = site.open({ protocol });
    await answering.client.respond(sum, () => ({ sum: 1 })).active;
    const held = gate();
    await second.client.respond(sum, async () => {
      await held.passed;
      return { sum: 2 };
    }).active;

    const answer = await asking.client.request(sum, { a: 1, b: 0 });
    held.open();
    await until(() => asking.count("replies_unmatched") === 1);

    expect(answer).toEqual({ sum: 1 });
  });

  test("answers travel on the asker's control link, which a question opens", async () => {
    const { answering, asking } = await openPair();
    await answering.client.respond(sum, ({ data: { a, b } }) => ({ sum: a + b })).active;

    await asking.client.request(sum, { a: 1, b: 2 });

    const control = site.link.connections().find(({ clientId }) => clientId === `${asking.client.clientId}!c`);
    const replies = site.link
      .packets()
      .filter(({ packet }) => packet?.cmd === "publish" && packet.topic === sum.reply.filter);
    expect(replies.map(({ connection, direction }) => ({ connection, direction }))).toEqual([
      { connection: control?.id, direction: "down" },
    ]);
  });

  test("the turn of the message being handled goes with a question and comes back with its answer", async () => {
    const { answering, asking } = await openPair();
    const turns = recorder<string | undefined>();
    await answering.client.respond(sum, ({ correlationId }) => {
      turns.push(correlationId);
      return { sum: 0 };
    }).active;
    const witness = await site.raw();
    await witness.subscribe(sum.reply.filter);
    await asking.client.subscribe(word, async () => void (await asking.client.request(sum, { a: 0, b: 0 }))).active;

    answering.client.publish(word, { text: "a" }, { correlationId: "turn-7" });

    expect(await turns.next()).toBe("turn-7");
    expect(JSON.parse((await witness.received.next()).text)).toMatchObject({ correlation_id: "turn-7" });
  });
});

test("a foreign peer of MQTT 5 gets its answer where it asked for it, with its correlation data", async () => {
  const { client } = site.open({ protocol: "5" });
  await client.respond(sum, ({ data: { a, b } }) => ({ sum: a + b })).active;
  const peer = await site.raw({ protocolVersion: 5 });
  await peer.subscribe(["peer/answers", sum.reply.filter]);
  const correlationData = Buffer.from("ask 1");

  await peer.publish(sum.request.filter, question(1, 2), {
    properties: { responseTopic: "peer/answers", correlationData },
  });

  const answer = await peer.received.next();
  expect(answer.topic).toBe("peer/answers");
  expect(answer.packet.properties?.correlationData).toEqual(correlationData);
  expect(JSON.parse(answer.text)).toMatchObject({ reply_to_id: question(1, 2).id, data: { sum: 3 } });
});

test("a foreign peer that names no place for its answer finds it on the contract's topic", async () => {
  const { client } = site.open({ protocol: "5" });
  await client.respond(sum, ({ data: { a, b } }) => ({ sum: a + b })).active;
  const peer = await site.raw({ protocolVersion: 4 });
  await peer.subscribe(sum.reply.filter);

  await peer.publish(sum.request.filter, question(2, 3, { correlation_id: "turn-1" }));

  expect(JSON.parse((await peer.received.next()).text)).toMatchObject({
    reply_to_id: question(2, 3).id,
    correlation_id: "turn-1",
    data: { sum: 5 },
  });
});

test("a question that breaks its contract is not sent", async () => {
  const { client } = site.open();

  await expect(client.request(sum, { a: Number.NaN, b: 0 })).rejects.toMatchObject({ code: "MQTT_CONTRACT_VIOLATION" });
});
