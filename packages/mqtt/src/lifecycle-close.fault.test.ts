/** The end of a client, in every state it can be in: it settles, never throws, and leaves no socket and no timer. */
import { openScriptedBroker, recorder, until, within } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Client } from "./api.ts";
import {
  gate,
  halt,
  leakCheckAtRest,
  mark,
  openClient,
  openSite,
  PROTOCOLS,
  type Site,
  sum,
  word,
} from "./client.fixture.ts";
import { ClientClosedError } from "./errors.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

/** Longer than drain, abort, farewell, flush and socket together. */
const HANGS_MS = 14_000;
const close = (client: Client) => within(HANGS_MS, client.close(), () => `close() hangs in ${client.state.kind}`);
const publish = async (text: string, topic = word.filter): Promise<void> => {
  const peer = await site.raw();
  await peer.publish(topic, {
    id: text.padEnd(32, "0"),
    type: "test.word",
    ts: Date.now() / 1_000,
    source: "peer",
    data: { text },
  });
  await peer.end();
};

test("a client closed before it has dialled never dials", async () => {
  const leaks = await leakCheckAtRest();
  const { client } = openClient({ url: site.link.url, control: true });

  await close(client);

  expect(client.state).toEqual({ kind: "closed", closed: { reason: "requested" } });
  await leaks.expectNothingLeft();
  expect(site.link.connections()).toEqual([]);
});

test("a client closed while it waits for the CONNACK leaves nothing behind", async () => {
  await using silent = await openScriptedBroker(() => undefined);
  const leaks = await leakCheckAtRest();
  const { client } = openClient({ url: silent.url });
  const [peer] = await silent.peers.take(1);

  await close(client);

  await peer?.closed;
  await leaks.expectNothingLeft();
});

test("a client closed while it waits for its credentials leaves nothing behind", async () => {
  const leaks = await leakCheckAtRest();
  const asked = gate();
  const { client } = openClient({
    url: site.link.url,
    credentials: () => {
      asked.open();
      return new Promise(() => undefined);
    },
  });
  await asked.passed;

  await close(client);

  await leaks.expectNothingLeft({ deadlineMs: 1_000 });
});

test("a client closed between two attempts leaves nothing behind", async () => {
  site.link.down();
  const leaks = await leakCheckAtRest();
  const { client } = openClient({ url: site.link.url, reconnect: { minDelayMs: 60_000, maxDelayMs: 60_000 } });
  await until(() => client.state.kind === "down");

  await close(client);

  await leaks.expectNothingLeft({ deadlineMs: 1_000 });
});

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a client that is up says DISCONNECT on both links and leaves nothing behind", async () => {
    const leaks = await leakCheckAtRest();
    const { client } = openClient({ url: site.link.url, protocol, clientId: "ours", control: true });
    client.subscribe(word, () => undefined);
    await client.subscribe(halt, () => undefined).active;
    await client.ready();

    await close(client);

    await site.link.record.untilAll((seen) => seen.filter(({ packet }) => packet?.cmd === "disconnect").length === 2);
    await until(() => site.link.connections().every(({ closedAtMs }) => closedAtMs !== undefined));
    await leaks.expectNothingLeft({ deadlineMs: 1_000 });
  });

  test("a client closed on a half-open connection finds out, and what it had still to say goes over a new one", async () => {
    const { client, undelivered } = openClient({
      url: site.link.url,
      protocol,
      clientId: "ours",
      probeAfterMs: 100,
      probeTimeoutMs: 100,
    });
    await client.ready();
    const witness = await site.raw();
    await witness.subscribe(word.filter);
    site.link.halfOpen();
    client.publish(word, { text: "last words" });

    await close(client);

    expect((await witness.received.next()).text).toContain("last words");
    expect(undelivered.seen).toEqual([]);
  });

  test("a running handler ends, publishes and is acknowledged before the connection is closed", async () => {
    const { client } = openClient({ url: site.link.url, protocol, clientId: "ours" });
    const held = gate();
    const started = gate();
    await client.subscribe(word, async ({ data }) => {
      started.open();
      await held.passed;
      client.publish(mark, data);
    }).active;
    await publish("work");
    await started.passed;

    const closing = close(client);
    expect(client.state.kind).toBe("closing");
    held.open();
    await closing;

    const last = site.link.packets().filter(({ direction }) => direction === "up");
    expect(
      last
        .slice(-3)
        .map(({ packet }) => packet?.cmd)
        .sort(),
    ).toEqual(["disconnect", "puback", "publish"]);
    expect(last.at(-1)?.packet?.cmd).toBe("disconnect");
  });

  test("a handler may ask a question while the client is closing, and gets its answer", async () => {
    const answering = site.open({ protocol });
    await answering.client.respond(sum, ({ data: { a, b } }) => ({ sum: a + b })).active;
    const { client } = openClient({ url: site.link.url, protocol, drainMs: 3_000 });
    const held = gate();
    const started = gate();
    const answers = recorder<number>();
    await client.subscribe(word, async () => {
      started.open();
      await held.passed;
      answers.push((await client.request(sum, { a: 1, b: 2 })).sum);
    }).active;
    await client.request(sum, { a: 0, b: 0 });
    await publish("work");
    await started.passed;

    const closing = close(client);
    held.open();
    await closing;

    expect(answers.seen).toEqual([3]);
  });

  test("a handler that does not end is told to stop, and its message comes again in the next life", async () => {
    const leaks = await leakCheckAtRest();
    const options = { url: site.link.url, protocol, clientId: "ours", drainMs: 50 } as const;
    const first = openClient(options);
    const signals = recorder<AbortSignal>();
    await first.client.subscribe(word, ({ signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    }).active;
    await publish("never done");
    const signal = await signals.next();

    await close(first.client);
    expect([signal.aborted, String(signal.reason)]).toEqual([true, "AbortError: The client is closing."]);
    await leaks.expectNothingLeft({ deadlineMs: 1_000 });
    const second = openClient(options);
    const heard = recorder<string>();
    second.client.subscribe(word, ({ data, redelivered }) => heard.push(`${data.text} ${redelivered}`));

    expect(await heard.next()).toBe("never done true");
    await close(second.client);
  });

  test("a handler that had hung before leaves no timer behind when the client is closed", async () => {
    const leaks = await leakCheckAtRest();
    const { client, log } = openClient({ url: site.link.url, protocol, drainMs: 50 });
    await client.subscribe(word, () => new Promise(() => undefined), { timeoutMs: 20 }).active;
    await publish("hangs");
    await log.until(({ message }) => message === "message dead-lettered");

    await close(client);

    await leaks.expectNothingLeft({ deadlineMs: 1_000 });
  });

  test("a handler that closes the client it runs on does not hang", async () => {
    const { client } = openClient({ url: site.link.url, protocol, drainMs: 50 });
    await client.subscribe(word, () => client.close()).active;
    await publish("close");

    expect(await within(HANGS_MS, client.closed)).toEqual({ reason: "requested" });
  });

  test("what arrives while the client closes is not begun, and is kept by the broker", async () => {
    const options = { url: site.link.url, protocol, clientId: "ours" } as const;
    const first = openClient(options);
    const held = gate();
    const started = recorder<string>();
    await first.client.subscribe(word, async ({ data }) => {
      started.push(data.text);
      await held.passed;
    }).active;
    await publish("running");
    await started.next();
    await publish("waiting");
    const closing = close(first.client);
    await publish("late");
    await site.link.record.untilAll(
      (seen) => seen.filter(({ packet, direction }) => packet?.cmd === "publish" && direction === "down").length === 3,
    );
    held.open();
    await closing;

    const second = openClient(options);
    const heard = recorder<string>();
    second.client.subscribe(word, ({ data }) => heard.push(data.text));
    await heard.take(2);
    await close(second.client);

    expect([started.seen, heard.seen]).toEqual([["running"], ["waiting", "late"]]);
  });
});

test("a client that nobody answers any more gives up at the end of its flush, and says what was lost", async () => {
  const { client, undelivered } = openClient({ url: site.link.url });
  await client.ready();
  site.link.halfOpen({ newConnections: "swallow" });
  const id = client.publish(word, { text: "into the void" });

  await close(client);

  expect(undelivered.seen).toEqual([{ id, topic: word.filter, reason: "closed" }]);
});

test("a client can be closed as often as one likes, also at the same time and by `await using`", async () => {
  const { client } = openClient({ url: site.link.url });
  await client.ready();

  await Promise.all([close(client), close(client), client[Symbol.asyncDispose]()]);
  await close(client);

  expect(await client.closed).toEqual({ reason: "requested" });
});

test("everything that is asked of a closed client is refused", async () => {
  const { client } = openClient({ url: site.link.url });
  await close(client);

  expect(() => client.publish(word, { text: "a" })).toThrow(ClientClosedError);
  expect(() => client.subscribe(word, () => undefined)).toThrow(ClientClosedError);
  expect(() => client.clear(word)).toThrow(ClientClosedError);
  for (const asked of [
    client.ready(),
    client.publishConfirmed(word, { text: "a" }),
    client.request(sum, { a: 1, b: 2 }),
    client.room(word),
  ]) {
    await expect(asked).rejects.toBeInstanceOf(ClientClosedError);
  }
  await client.flush();
});
