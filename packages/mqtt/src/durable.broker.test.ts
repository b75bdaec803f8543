/** Durable messages over the lives of a client that ends in order. */
import { recorder, until } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type HeardClient, openSite, order, PROTOCOLS, type Site, texts } from "./client.fixture.ts";
import { stateFolder, storedCount } from "./durable.fixture.ts";
import { wish } from "./durable-topics.fixture.ts";
import type { ConnectOptions } from "./options.ts";
import { stateDirectory } from "./outbox/state-directory.ts";
import { publishesUp } from "./wire.fixture.ts";

let site: Site;
let folder: ReturnType<typeof stateFolder>;
beforeEach(async () => {
  site = await openSite();
  folder = stateFolder();
});
afterEach(async () => {
  await site[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  const live = (options: Partial<ConnectOptions> = {}): HeardClient =>
    site.open({ protocol, clientId: "publisher", state: stateDirectory(folder.path), ...options });
  /** Publishes where no broker is, and closes. */
  const publishInVain = async (
    words: readonly string[],
    options?: { readonly ttlMs: number },
  ): Promise<HeardClient> => {
    site.link.down();
    const heard = live();
    for (const text of words) heard.client.publish(wish, { text }, options);
    await heard.client.close();
    site.link.up();
    return heard;
  };
  const textOf = ({ payload }: { readonly payload: string | Buffer }): string => JSON.parse(String(payload)).data.text;
  const sent = (): readonly string[] => publishesUp(site.link, wish.filter).map(({ packet }) => textOf(packet));

  test("what could not be sent is not told as undelivered, and the next life sends it first, in order, once", async () => {
    const first = await publishInVain(["a", "b", "c"]);
    const { client } = live();
    for (const text of ["d", "e"]) client.publish(wish, { text });

    await client.flush();
    await client.close();

    expect(first.undelivered.seen).toEqual([]);
    expect(sent()).toEqual(["a", "b", "c", "d", "e"]);
    expect(storedCount(folder.path)).toBe(0);
  });

  test("only a PUBACK removes a message: one that the broker took without an answer is sent by the next life, too", async () => {
    const mend = site.link.intercept(({ packet, direction }) =>
      packet?.cmd === "puback" && direction === "down" ? "drop" : undefined,
    );
    const { client } = live();
    client.publish(wish, { text: "a" });
    await site.link.seen((packet) => packet.direction === "down" && packet.packet?.cmd === "puback");
    site.link.down();
    await until(() => !client.connected);
    await client.close();
    mend();
    site.link.up();
    const next = live();
    await next.client.flush();
    await next.client.close();
    await live().client.publishConfirmed(order, { text: "fence" });

    const ids = publishesUp(site.link, wish.filter).map(({ packet }) => JSON.parse(String(packet.payload)).id);
    expect(sent()).toEqual(["a", "a"]);
    expect(new Set(ids).size).toBe(1);
  });

  test("what expired between two lives is not sent, told as expired, and removed", async () => {
    await publishInVain(["late"], { ttlMs: 1 });
    await publishInVain(["a"]);
    const heard = live();

    await heard.client.flush();
    await heard.client.close();

    expect(sent()).toEqual(["a"]);
    expect(storedCount(folder.path)).toBe(0);
  });

  test("a message that waits when its client is closed is not told as never sent to who awaits it", async () => {
    site.link.down();
    const { client } = live();
    const confirmed = client.publishConfirmed(wish, { text: "a" });
    confirmed.catch(() => undefined);

    await client.close();

    await expect(confirmed).rejects.toMatchObject({ reason: "closed", sent: "maybe" });
    expect(storedCount(folder.path)).toBe(1);
  });

  test("a message taken back because nobody confirmed it in time is removed", async () => {
    site.link.down();
    const { client } = live();

    const confirmed = client.publishConfirmed(wish, { text: "a" }, { timeoutMs: 1 });

    await expect(confirmed).rejects.toMatchObject({ code: "MQTT_UNDELIVERED", reason: "timeout", sent: "no" });
    await client.close();
    expect(storedCount(folder.path)).toBe(0);
  });

  test("a message waits longer than the memory outbox keeps others", async () => {
    site.link.down();
    const heard = live({ outbox: { maxAgeMs: 1 } });
    heard.client.publish(wish, { text: "a" });
    heard.client.publish(order, { text: "b" });

    const { topic, reason } = await heard.undelivered.next();
    site.link.up();
    await heard.client.flush();

    expect([topic, reason, sent()]).toEqual([order.filter, "expired", ["a"]]);
  });
});

test("what the broker refuses is told, and removed", async () => {
  site.link.intercept(({ packet, direction }) =>
    packet?.cmd === "puback" && direction === "down" ? { replace: { ...packet, reasonCode: 0x87 } } : undefined,
  );
  const state = stateDirectory(folder.path);
  const heard = site.open({ protocol: "5", clientId: "publisher", state });

  heard.client.publish(wish, { text: "a" });

  expect(await heard.undelivered.next()).toMatchObject({ topic: wish.filter, reason: "refused", reasonCode: 0x87 });
  await heard.client.close();
  expect(storedCount(folder.path)).toBe(0);
});

test("without a state directory a durable topic is warned about once, and sent like any command", async () => {
  const heard = site.open({ clientId: "publisher" });
  const received = recorder<string>();
  await heard.client.subscribe(wish, ({ data }) => received.push(data.text)).active;

  for (const text of texts(3)) heard.client.publish(wish, { text });
  await received.take(3);

  expect(heard.log.seen.filter(({ message }) => message.startsWith("a durable message without"))).toMatchObject([
    { level: "warn", fields: { topic: wish.name } },
  ]);
});
