import { plantedSecret, recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mark, openSite, order, PROTOCOLS, type Site, word, wordOf } from "./client.fixture.ts";
import { connect } from "./connect.ts";
import type { ConcreteTopic } from "./contract/index.ts";
import { ConfigurationError, PayloadTooLargeError } from "./errors.ts";
import { foreign, openClocked, untilAcknowledged, watchDead } from "./wire.fixture.ts";

const SECRET = plantedSecret("sunflower");

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

const ENVELOPE = { id: "1", type: "test.word", ts: 1, source: "peer", data: { text: "bad" } };
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const DEEP = JSON.stringify(ENVELOPE).replace('{"text":"bad"}', `${'{"a":'.repeat(200)}1${"}".repeat(200)}`);

/** What a foreign peer may send, and why it cannot be handled. */
const FAULTS = [
  { what: "invalid UTF-8", payload: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), reason: "undecodable" },
  { what: "nothing at all", payload: Buffer.alloc(0), reason: "undecodable" },
  { what: "invalid JSON", payload: Buffer.from('{"id":'), reason: "undecodable" },
  { what: "JSON that is no object", payload: json([ENVELOPE]), reason: "undecodable" },
  { what: "data nested two hundred deep", payload: Buffer.from(DEEP), reason: "contract" },
  { what: "an envelope without its id", payload: json({ ...ENVELOPE, id: undefined }), reason: "bad_envelope" },
  { what: "an envelope whose time is a text", payload: json({ ...ENVELOPE, ts: "now" }), reason: "bad_envelope" },
  { what: "an envelope whose data is a list", payload: json({ ...ENVELOPE, data: [1] }), reason: "bad_envelope" },
  { what: "bare data where an envelope is wanted", payload: json({ text: "bare" }), reason: "bad_envelope" },
  { what: "data that breaks the contract", payload: json({ ...ENVELOPE, data: { text: 7 } }), reason: "contract" },
  { what: "data without what the contract wants", payload: json({ ...ENVELOPE, data: {} }), reason: "contract" },
] as const;

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test.each(FAULTS)(
    "$what is dead-lettered as $reason, reaches no handler, and the next message of its key is handled",
    async ({ payload, reason }) => {
      const { client, log } = site.open({ protocol, clientId: "service" });
      const dead = await watchDead(site);
      const handled = recorder<string>();
      await client.subscribe(word, ({ data }) => handled.push(data.text)).active;
      const publisher = await site.raw();

      await publisher.publish(word.filter, payload);
      await publisher.publish(word.filter, foreign({ text: "good" }));
      await handled.next();
      await untilAcknowledged(site.link, 2);
      const { letter } = await dead.letters.next();
      await dead.fence();

      expect(handled.seen).toEqual(["good"]);
      expect(letter).toMatchObject({ reason, topic: word.filter, attempts: 0, payload_bytes: payload.length });
      expect(Buffer.from(letter?.payload ?? "", "base64")).toEqual(payload);
      expect(dead.letters.seen.filter((each) => each.letter !== undefined).length).toBe(1);
      const isFault = ({ level, message }: { level: string; message: string }): boolean =>
        level === "error" && message !== "event loop blocked"; // a busy machine
      expect(log.seen.filter(isFault)).toEqual([]);
      expect(client.state).toMatchObject({ kind: "up", epoch: 1 });
    },
  );

  test.each([
    {
      what: "throws",
      fail: () => {
        throw new Error("no");
      },
    },
    {
      what: "throws what is no error",
      fail: () => {
        throw "no";
      },
    },
    {
      what: "throws something without a text",
      fail: () => {
        throw Object.create(null);
      },
    },
    { what: "rejects", fail: () => Promise.reject(new Error("no")) },
    { what: "rejects with nothing", fail: () => Promise.reject() },
  ])(
    "a handler that $what is tried as often as it should be, then its message is dead-lettered and the next is handled",
    async ({ fail }) => {
      const { client } = site.open({ protocol, clientId: "service" });
      const dead = await watchDead(site);
      const calls = recorder<string>();
      const handler = ({ data, attempt }: { readonly data: { readonly text: string }; readonly attempt: number }) => {
        calls.push(`${data.text} ${attempt}`);
        return data.text === "bad" ? fail() : undefined;
      };
      await client.subscribe(word, handler, { retry: { attempts: 3, minDelayMs: 1, maxDelayMs: 2 } }).active;
      const publisher = await site.raw();

      for (const text of ["bad", "good"]) await publisher.publish(word.filter, foreign({ text }));
      await untilAcknowledged(site.link, 2);
      const { letter } = await dead.letters.next();

      expect(calls.seen).toEqual(["bad 1", "bad 2", "bad 3", "good 1"]);
      expect(letter).toMatchObject({ reason: "handler_failed", attempts: 3 });
    },
  );

  test("a handler that hangs runs once, its message is dead-lettered, and the next of its key is handled 31 s later at most", async () => {
    await using heard = openClocked(site, { protocol, clientId: "service" });
    const dead = await watchDead(site);
    const calls = recorder<string>();
    const subscription = heard.client.subscribe(
      word,
      ({ data, attempt }) => {
        calls.push(`${data.text} ${attempt}`);
        return data.text === "bad" ? new Promise<never>(() => undefined) : undefined;
      },
      { timeoutMs: 10_000, retry: { attempts: 3 } },
    );
    await subscription.active;
    const publisher = await site.raw();

    for (const text of ["bad", "good"]) await publisher.publish(word.filter, foreign({ text }));
    await calls.next();
    await heard.clock.advance(11_000);
    const { letter } = await dead.letters.next();
    await untilAcknowledged(site.link, 1);
    await heard.clock.advance(30_000);
    await untilAcknowledged(site.link, 2);

    expect(calls.seen).toEqual(["bad 1", "good 1"]);
    expect(letter).toMatchObject({ reason: "handler_hung", attempts: 1 });
  });

  test("a contract's key function that throws dead-letters the message, and the connection stands", async () => {
    const { client } = site.open({ protocol, clientId: "service" });
    const dead = await watchDead(site);
    const handled = recorder<string>();
    const brittle = {
      ...word,
      key: () => {
        throw new Error("no key");
      },
    };
    await client.subscribe(brittle, ({ data }) => handled.push(data.text)).active;
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "a" }));
    const { letter } = await dead.letters.next();

    expect(letter).toMatchObject({ reason: "contract", error: expect.stringContaining("no key") });
    expect([handled.seen, client.state.kind]).toEqual([[], "up"]);
  });

  test("a payload larger than what this client itself may send is handled like any other", async () => {
    const { client } = site.open({ protocol, maxPayloadBytes: 1_000 });
    const lengths = recorder<number>();
    await client.subscribe(word, ({ data }) => lengths.push(data.text.length)).active;
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "x".repeat(1_000_000) }));

    expect(await lengths.next()).toBe(1_000_000);
  });

  test("a payload too large to be sent, wildcards, and parameters that are not bound are refused by name", async () => {
    const { client, undelivered } = site.open({ protocol });
    const wild = wordOf as unknown as ConcreteTopic<{ text: string }>; // what a caller without a compiler may pass

    expect(() => client.publish(order, { text: "x".repeat(300_000) })).toThrow(PayloadTooLargeError);
    expect(() => client.publish(wild, { text: "" })).toThrow(TypeError);
    expect(() => wordOf.at({ key: "+" })).toThrow(TypeError);
    expect(() => wordOf.at({ key: "a/b" })).toThrow(TypeError);
    await client.publishConfirmed(mark, { text: "nothing is in its way" });
    expect(undelivered.seen).toEqual([]);
  });
});

test("options that are malformed, missing and contradictory are refused at once, all in one error, without a password", () => {
  const broken = {
    url: [`amqp://user:${SECRET}@hub`, `mqtt://user:${SECRET}@hub:0`],
    clientId: "",
    keepaliveSec: -1,
    reconnect: { minDelayMs: 10, maxDelayMs: 1 },
    heartbeat: { intervalMs: 1 },
  };

  const refusal = catchError(() => connect(broken));

  expect(refusal).toBeInstanceOf(ConfigurationError);
  const { problems, message } = refusal as ConfigurationError; // just asserted
  expect(problems.length).toBe(6);
  expect(problems.every((problem) => message.includes(problem))).toBe(true);
  expect(message).not.toContain(SECRET);
});

function catchError(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
