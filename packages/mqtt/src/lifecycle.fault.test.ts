/** What a client keeps through the end of its broker: subscriptions, queued messages, current values, its backlog. */
import { type Interceptor, recorder, until } from "@ts-tars/harness";
import type { IConnackPacket } from "mqtt-packet";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type HeardClient, lamp, mark, openSite, order, PROTOCOLS, type Site, texts, word } from "./client.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite({ persistence: true });
});
afterEach(() => site[Symbol.asyncDispose]());

/** The client is up on a connection after the first. */
const isBack = ({ client }: HeardClient) => until(() => client.state.kind === "up" && client.state.epoch > 1);
const send = async (text: string): Promise<void> => {
  const peer = await site.raw();
  await peer.publish(word.filter, {
    id: text.padEnd(32, "0"),
    type: word.type,
    ts: Date.now() / 1_000,
    source: "peer",
    data: { text },
  });
  await peer.end();
};
/** The broker says of the session what is not so. */
const lie =
  (sessionPresent: boolean): Interceptor =>
  ({ packet }) =>
    packet?.cmd === "connack" ? { replace: { ...packet, sessionPresent } satisfies IConnackPacket } : undefined;

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a broker that comes back with its store finds the session, and messages go on", async () => {
    const ours = site.open({ protocol, clientId: "ours" });
    const heard = recorder<string>();
    await ours.client.subscribe(word, ({ data }) => heard.push(data.text)).active;

    await site.broker.restart({ store: "same" });
    await isBack(ours);
    await send("after");

    expect(await heard.next()).toBe("after");
    expect(ours.client.state).toMatchObject({ kind: "up", sessionPresent: true });
  });

  test("a broker that comes back without its store is subscribed to again", async () => {
    const ours = site.open({ protocol, clientId: "ours" });
    const heard = recorder<string>();
    await ours.client.subscribe(word, ({ data }) => heard.push(data.text)).active;

    await site.broker.restart({ store: "emptied", how: "kill" });
    await isBack(ours);
    await ours.client.subscribe(mark, () => undefined).active;
    await send("after");

    expect(await heard.next()).toBe("after");
    expect(ours.client.state).toMatchObject({ kind: "up", sessionPresent: false });
  });

  test.each([
    { claim: "present", store: "emptied" },
    { claim: "absent", store: "same" },
  ] as const)(
    "a session that the broker calls $claim and is not costs no message and repeats none",
    async ({ claim, store }) => {
      const ours = site.open({ protocol, clientId: "ours" });
      const heard = recorder<string>();
      await ours.client.subscribe(word, ({ data }) => heard.push(data.text)).active;
      site.link.intercept(lie(claim === "present"));

      await site.broker.restart({ store });
      await isBack(ours);
      await ours.client.subscribe(mark, () => undefined).active;
      await ours.client.publishConfirmed(word, { text: "own" });
      await send("after");

      expect(await heard.take(2)).toEqual(["own", "after"]);
    },
  );

  test("what is published while the broker is away arrives in order when it is back", async () => {
    const ours = site.open({ protocol, clientId: "ours" });
    const heard = recorder<string>();
    await ours.client.subscribe(word, ({ data }) => heard.push(data.text)).active;
    await site.broker.stop();
    await until(() => ours.client.state.kind === "down");

    for (const text of texts(300)) ours.client.publish(word, { text });
    await site.broker.start();

    expect(await heard.take(300)).toEqual(texts(300));
    expect(ours.undelivered.seen).toEqual([]);
  });

  test("a command that is too old when the broker is back is reported and not sent", async () => {
    const ours = site.open({ protocol });
    await ours.client.ready();
    await site.broker.stop();
    await until(() => !ours.client.connected);

    const id = ours.client.publish(order, { text: "late" }, { ttlMs: 20 });
    const undelivered = await ours.undelivered.next();
    await site.broker.start();
    await ours.client.publishConfirmed(order, { text: "in time" });

    expect(undelivered).toEqual({ id, topic: order.filter, reason: "expired" });
    const sent = site.link.packets().filter(({ packet }) => packet?.cmd === "publish");
    expect(sent.map(({ bytes }) => Buffer.from(bytes).includes("late"))).toEqual([false]);
  });

  test("a kept value is there again after the broker has lost everything", async () => {
    const ours = site.open({ protocol });
    let text = "first";
    const kept = ours.client.keep(lamp, () => ({ text }));
    await ours.client.flush();
    text = "second";

    await site.broker.restart({ store: "emptied" });
    await isBack(ours);
    await ours.client.flush();
    kept.stop();
    const reader = await site.raw();
    await reader.subscribe(lamp.filter);

    expect(JSON.parse((await reader.received.next()).text)).toMatchObject({ data: { text: "second" } });
  });

  test("messages that the broker kept for a session reach handlers attached before the first CONNACK", async () => {
    const before = site.open({ protocol, clientId: "ours" });
    await before.client.subscribe(word, () => undefined).active;
    await before.client.close();
    await send("kept");

    const ours = site.open({ protocol, clientId: "ours" });
    const heard = recorder<string>();
    ours.client.subscribe(word, ({ data }) => heard.push(data.text));

    expect(await heard.next()).toBe("kept");
  });

  test("a broker that stands still is given up, and found again when it goes on", async () => {
    const ours = site.open({ protocol, probeAfterMs: 100, probeTimeoutMs: 100, attemptTimeoutMs: 200 });
    await ours.client.ready();

    site.broker.pause();
    await ours.log.until(({ message }) => message.startsWith("not connected"));
    site.broker.resume();
    await isBack(ours);

    await ours.client.publishConfirmed(word, { text: "again" });
  });
});
