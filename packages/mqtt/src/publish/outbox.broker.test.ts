import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mark, openSite, order, PROTOCOLS, type Site, standing, texts, word } from "../client.fixture.ts";
import { OutboxFullError } from "../errors.ts";
import { openClocked, publishesUp, type SeenPublish, untilUp } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

const textOf = ({ packet }: SeenPublish): string => JSON.parse(packet.payload.toString()).data.text;
const isPubackDown = ({ packet, direction }: { packet: { cmd: string } | undefined; direction: string }): boolean =>
  packet?.cmd === "puback" && direction === "down";
const wentDown = async ({ client }: ReturnType<Site["open"]>): Promise<void> => {
  for await (const state of client.watch()) if (state.kind === "down") return;
};

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("messages published before the first connection are sent in order when it stands", async () => {
    const { client } = site.open({ protocol });
    const listener = await site.raw();
    await listener.subscribe(word.filter);

    for (const text of texts(500)) client.publish(word, { text });
    const heard = await listener.received.take(500);

    expect(heard.map(({ text }) => JSON.parse(text).data.text)).toEqual(texts(500));
  });

  test("after a cut what was in flight is sent again first, as duplicates under their ids, then what was queued meanwhile", async () => {
    const heard = site.open({ protocol, clientId: "comes-back" });
    await heard.client.ready();
    const deliver = site.link.intercept((packet) => (isPubackDown(packet) ? "drop" : undefined));

    for (const text of texts(5)) heard.client.publish(word, { text });
    await site.link.record.untilAll((seen) => seen.filter(isPubackDown).length === 5);
    const before = publishesUp(site.link, word.filter);
    site.link.down();
    await wentDown(heard);
    deliver();
    for (const text of texts(10).slice(5)) heard.client.publish(word, { text });
    await site.link.up();
    await heard.client.flush();

    const after = publishesUp(site.link, word.filter).filter(({ connection }) => connection > 1);
    expect(after.map(textOf)).toEqual(texts(10));
    expect(after.map(({ packet }) => packet.dup)).toEqual([...Array(5).fill(true), ...Array(5).fill(false)]);
    expect(after.slice(0, 5).map(({ packet }) => packet.messageId)).toEqual(
      before.map(({ packet }) => packet.messageId),
    );
    expect(heard.undelivered.seen).toEqual([]);
  });

  test("after a lost session what was in flight is sent again as new, in order", async () => {
    const heard = site.open({ protocol, clientId: "starts-clean", cleanStart: true });
    await heard.client.ready();
    const deliver = site.link.intercept((packet) => (isPubackDown(packet) ? "drop" : undefined));

    for (const text of texts(5)) heard.client.publish(word, { text });
    await site.link.record.untilAll((seen) => seen.filter(isPubackDown).length === 5);
    deliver();
    site.link.cut();
    await heard.client.flush();

    const after = publishesUp(site.link, word.filter).filter(({ connection }) => connection > 1);
    expect(after.map((each) => [textOf(each), each.packet.dup])).toEqual(texts(5).map((text) => [text, false]));
  });

  test("a message that outlives its time while offline is reported as expired and never sent", async () => {
    await using heard = openClocked(site, { protocol });
    const { client, clock, undelivered } = heard;
    await client.ready();
    site.link.down();
    await wentDown(heard);

    const expired = client.publish(order, { text: "too late" });
    const shorter = client.publish(order, { text: "even less" }, { ttlMs: 1_000 });
    await clock.advance(1_250);
    const first = await undelivered.next();
    const lasting = client.publish(word, { text: "in time" });
    await clock.advance(9_000);
    const second = await undelivered.next();
    await site.link.up();
    await untilUp(heard);
    await client.flush();

    expect([first, second]).toEqual([
      { id: shorter, topic: order.filter, reason: "expired" },
      { id: expired, topic: order.filter, reason: "expired" },
    ]);
    expect(publishesUp(site.link).map(({ packet }) => JSON.parse(packet.payload.toString()).id)).toEqual([lasting]);
  });

  test("an event without a time to live leaves the outbox at the outbox's own age", async () => {
    await using heard = openClocked(site, { protocol, outbox: { maxAgeMs: 5_000 } });
    site.link.down();

    const id = heard.client.publish(word, { text: "" });
    await heard.clock.advance(4_999);
    const before = heard.undelivered.seen.length;
    await heard.clock.advance(251);

    expect([before, heard.undelivered.seen]).toEqual([0, [{ id, topic: word.filter, reason: "expired" }]]);
  });

  test("what is queued when the client closes is reported as closed, each message once", async () => {
    site.link.down();
    const { client, undelivered } = site.open({ protocol });

    const ids = texts(3).map((text) => client.publish(word, { text }));
    await client.close();

    expect(undelivered.seen).toEqual(ids.map((id) => ({ id, topic: word.filter, reason: "closed" })));
  });

  test("close sends what is queued first", async () => {
    const { client, undelivered } = site.open({ protocol });
    const listener = await site.raw();
    await listener.subscribe(word.filter);
    await client.ready();

    for (const text of texts(50)) client.publish(word, { text });
    await client.close();
    await listener.received.take(50);

    expect(undelivered.seen).toEqual([]);
  });

  test("a report that throws is logged, and the others are reported all the same", async () => {
    site.link.down();
    const reported: string[] = [];
    const { client, log } = site.open({
      protocol,
      onUndelivered: ({ id }) => {
        reported.push(id);
        throw new Error("a mistake of the caller");
      },
    });

    const ids = texts(2).map((text) => client.publish(word, { text }));
    await client.close();

    expect(reported).toEqual(ids);
    expect(log.seen.filter(({ message }) => message === "onUndelivered threw").length).toBe(2);
  });

  test("a full outbox refuses the next message by name and tells how full it is, and there is room when it has emptied", async () => {
    const heard = site.open({ protocol, outbox: { maxMessages: 10 } });
    const { client } = heard;
    await client.ready();
    site.link.down();
    await wentDown(heard);

    for (const text of texts(10)) client.publish(word, { text });
    const room = client.room(word);
    const refusal = catchError(() => client.publish(word, { text: "one too many" }));
    const whileFull = await standing(room);
    await site.link.up();
    await room;

    expect(refusal).toBeInstanceOf(OutboxFullError);
    expect(refusal).toMatchObject({ topic: word.filter, messages: 10 });
    expect(whileFull).toBe("pending");
    await client.publishConfirmed(word, { text: "now" });
  });

  test("a full outbox refuses by its bytes too", () => {
    site.link.down();
    const { client } = site.open({ protocol, outbox: { maxBytes: 10_000 } });

    const refusal = catchError(() => {
      for (;;) client.publish(word, { text: "x".repeat(900) });
    });

    expect(refusal).toMatchObject({ name: "OutboxFullError", messages: expect.any(Number) });
    expect((refusal as OutboxFullError).bytes).toBeLessThanOrEqual(10_000); // its class was just asserted by name
  });

  test("waiting for room ends at its deadline and by its signal", async () => {
    await using heard = openClocked(site, { protocol, outbox: { maxMessages: 2 } });
    site.link.down();
    for (const text of texts(2)) heard.client.publish(word, { text });
    const controller = new AbortController();
    const late = expect(heard.client.room(word, { timeoutMs: 500 })).rejects.toThrow(OutboxFullError);
    const aborted = expect(heard.client.room(word, { signal: controller.signal })).rejects.toThrow("no longer wanted");

    await heard.clock.advance(500);
    controller.abort(new Error("no longer wanted"));

    await late;
    await aborted;
  });

  test("flush waits for what is queued when it is called, not for what comes later, and ends at its deadline", async () => {
    await using heard = openClocked(site, { protocol, clientId: "flushing" });
    const { client, clock } = heard;
    await client.ready();
    const deliver = site.link.intercept((packet) => (isPubackDown(packet) ? "drop" : undefined));
    client.publish(word, { text: "unconfirmed" });
    const flushing = client.flush({ timeoutMs: 500 }).catch((error: Error) => error);
    await site.link.seen(isPubackDown);
    deliver();
    await client.publishConfirmed(mark, { text: "confirmed" });

    const before = await standing(flushing);
    await clock.advance(500);

    expect(before).toBe("pending");
    expect(await flushing).toMatchObject({ name: "TimeoutError", message: expect.stringContaining("1 messages") });
    await expect(client.flush({ signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
    site.link.cut();
    await untilUp(heard);
    await client.flush();
  });

  test("flush of an empty outbox resolves at once, also offline", async () => {
    site.link.down();
    const { client } = site.open({ protocol });

    expect(await standing(client.flush())).toBe("resolved");
  });
});

function catchError(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
