/** Nothing that a client promises stays open: what ends by itself, by its caller, by its deadline, and by the client's end. */
import { openScriptedBroker, recorder, until } from "@ts-tars/harness";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ClientState } from "./api.ts";
import { gate, mark, openClient, openSite, type Site, standing, sum, texts, word } from "./client.fixture.ts";
import { ClientClosedError } from "./errors.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

async function lastOf<T>(values: AsyncIterable<T>): Promise<T | undefined> {
  let last: T | undefined;
  for await (const value of values) last = value;
  return last;
}

test("everything that waits on a client without a broker is settled when it is closed", async () => {
  site.link.down();
  const { client } = openClient({ url: site.link.url, outbox: { maxMessages: 10 } });
  const subscription = client.subscribe(word, () => undefined);
  const running = {
    ready: client.ready(),
    active: subscription.active,
    confirmed: client.publishConfirmed(word, { text: "a" }),
    flushed: client.flush(),
    asked: client.request(sum, { a: 1, b: 2 }),
    hasRoom: Promise.resolve().then(() => client.room(word)),
    stopped: client.subscribe(mark, () => undefined).stop(),
    watched: lastOf(client.watch()),
  };
  for (const text of texts(9)) client.publish(word, { text });
  const outcomes = Promise.allSettled(Object.values(running));

  await client.close();

  expect(await standing(outcomes)).toBe("resolved");
  for (const refused of [running.ready, running.active, running.asked, running.hasRoom]) {
    await expect(refused).rejects.toBeInstanceOf(ClientClosedError);
  }
  await expect(running.confirmed).rejects.toMatchObject({ reason: "closed", sent: "no" });
  expect(await running.watched).toEqual({ kind: "closed", closed: { reason: "requested" } });
});

test("everything that waits on a client with a silent broker is settled when it is closed", async () => {
  await using broker = await openScriptedBroker(async (peer) => void (await peer.accept()));
  const { client } = openClient({ url: broker.url });
  const subscription = client.subscribe(word, () => undefined);
  const ready = client.ready();
  const asked = client.request(sum, { a: 1, b: 2 });
  const confirmed = client.publishConfirmed(word, { text: "a" });
  const outcomes = Promise.allSettled([subscription.active, ready, asked, confirmed]);
  const [peer] = await broker.peers.take(1);
  await peer?.packets.until(({ cmd }) => cmd === "publish");

  await broker.close(); // else the end would wait for the PUBACK
  await until(() => !client.connected);
  await client.close();

  expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected", "rejected"]);
  await expect(confirmed).rejects.toMatchObject({ reason: "closed", sent: "maybe" });
});

test("a client is ready when the broker has answered its subscriptions, not before", async () => {
  const { client, log } = site.open();
  const lost = gate();
  const undo = site.link.intercept(({ packet }) => {
    if (packet?.cmd !== "suback") return undefined;
    lost.open();
    return "drop";
  });
  client.subscribe(word, () => undefined);

  const ready = client.ready();
  await lost.passed;
  undo();
  expect(await standing(ready)).toBe("pending");
  site.link.down();
  await log.until(({ message }) => message.startsWith("not connected"));
  expect(await standing(ready)).toBe("pending");

  await site.link.up();
  await ready;
  expect(client.state).toMatchObject({ kind: "up", epoch: 2 });
});

test("whoever waits for readiness may give up, and hears their own reason", async () => {
  site.link.down();
  const { client } = site.open();
  const controller = new AbortController();
  const ready = client.ready({ signal: controller.signal });
  ready.catch(() => undefined); // looked at below

  controller.abort(new Error("no patience"));

  await expect(ready).rejects.toThrow("no patience");
  await expect(client.ready({ signal: AbortSignal.abort(new Error("none at all")) })).rejects.toThrow("none at all");
  await site.link.up();
  await client.ready();
});

test("a wait given up by its caller rejects with the caller's reason, whatever it was for", async () => {
  site.link.down();
  const { client } = site.open({ outbox: { maxMessages: 2 } });
  client.publish(word, { text: "a" });
  const reason = new Error("no longer wanted");
  const controller = new AbortController();
  const { signal } = controller;
  const waits = [
    client.publishConfirmed(word, { text: "b" }, { signal }),
    client.request(sum, { a: 1, b: 2 }, { signal }),
    client.flush({ signal }),
    client.room(word, { signal }),
  ];
  const outcomes = Promise.allSettled(waits);

  controller.abort(reason);

  expect(await outcomes).toEqual(waits.map(() => ({ status: "rejected", reason })));
});

test("whoever watches sees the newest state, and the last one before the end", async () => {
  const { client } = site.open();
  const seen = recorder<ClientState["kind"]>();
  const slow = client.watch()[Symbol.asyncIterator]();
  const first = await slow.next();
  const watching = (async () => {
    for await (const { kind } of client.watch()) seen.push(kind);
  })();

  await client.ready();
  const latest = await slow.next();
  await client.close();
  await watching;

  expect([first.value, latest.value]).toMatchObject([{ kind: "idle" }, { kind: "up" }]);
  expect(seen.seen).toEqual(["idle", "connecting", "up", "closing", "closed"]);
  expect(await slow.next()).toMatchObject({ value: { kind: "closed" } });
  expect(await slow.next()).toMatchObject({ done: true });
});

test("a refused subscription is told to whoever waits for it, and to the log", async () => {
  await using broker = await openScriptedBroker(async (peer) => {
    await peer.accept();
    const { messageId = 0, subscriptions } = await peer.expect("subscribe");
    peer.send({ cmd: "suback", messageId, granted: subscriptions.map(() => 0x87) });
  });
  const { client, log } = openClient({ url: broker.url });

  const { active } = client.subscribe(word, () => undefined, { onFailure: "drop" });

  await expect(active).rejects.toMatchObject({
    code: "MQTT_SUBSCRIPTION_REFUSED",
    filter: word.filter,
    reasonCode: 0x87,
  });
  await client.ready();
  expect(log.seen.map(({ message }) => message)).toContain("subscription refused");
  await client.close();
});
