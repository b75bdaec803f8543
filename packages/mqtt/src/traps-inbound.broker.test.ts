/**
 * Traps of the way in (T1–T3, T8): each shown on MQTT.js as its users have it, then absent on ours. `npm test` runs the raw
 * half too, so that a release of MQTT.js that mends a trap is noticed.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Link, type LinkPacket, openLink, type RawClient, recorder, within } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gate, mark, murmur, openSite, PROTOCOLS, type Site, texts, word } from "./client.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

const VERSION = { "5": 5, "3.1.1": 4 } as const;
const isPuback = ({ packet, direction }: LinkPacket) => packet?.cmd === "puback" && direction === "up";
const pubacks = (link: Link) => link.packets().filter(isPuback).length;

/** Whatever was published before has come to the client when this has. */
const sendWords = async (publisher: RawClient, words: readonly string[], topic = word.filter): Promise<void> => {
  for (const text of words) await publisher.publish(topic, envelope(text));
};
const envelope = (text: string, type = "test.word") => ({
  id: Buffer.from(text).toString("hex").padStart(32, "0"),
  type,
  ts: Date.now() / 1_000,
  source: "peer",
  data: { text },
});

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  const protocolVersion = VERSION[protocol];

  test("T1: in MQTT.js a publish awaited inside handleMessage stops the inbound stream until the keepalive ends it", async () => {
    await using subscriber = await site.raw({ protocolVersion, mqttOptions: { keepalive: 1 } });
    const confirmed = recorder<string>();
    subscriber.mqtt.handleMessage = (_packet, done) => {
      subscriber.mqtt.publish(mark.filter, "answer", { qos: 1 }, (error) => {
        confirmed.push(error ? "failed" : "confirmed");
        done();
      });
    };
    await subscriber.subscribe(word.filter);
    const error = new Promise<Error>((resolve) => void subscriber.mqtt.once("error", resolve));
    const publisher = await site.raw();

    await sendWords(publisher, ["a"]);

    expect((await within(10_000, error)).message).toContain("Keepalive timeout");
    expect(confirmed.seen[0]).toBe("failed");
  });

  test("T1: in ours a handler awaits a confirmed publish while pings and other messages pass", async () => {
    const { client } = site.open({ protocol, probeAfterMs: 50 });
    const held = gate();
    const outcomes = recorder<string>();
    const heard = recorder<string>();
    const slow = client.subscribe(word, async ({ data }) => {
      const { id } = await client.publishConfirmed(mark, data);
      outcomes.push(id);
      await held.passed;
    });
    const quick = client.subscribe(murmur, ({ data }) => heard.push(data.text));
    await Promise.all([slow.active, quick.active]);
    const publisher = await site.raw();

    await sendWords(publisher, ["a"]);
    await outcomes.next();
    const before = site.link.packets().length;
    await publisher.publish(murmur.filter, envelope("b"), { qos: 0 });
    await heard.next();
    await site.link.seen(({ index, packet }) => index > before && packet?.cmd === "pingresp");

    expect(pubacks(site.link)).toBe(0);
    held.open();
    await site.link.seen(isPuback);
    expect(client.state).toMatchObject({ kind: "up", epoch: 1 });
  });

  test("T2: in MQTT.js a throwing listener wedges the inbound stream, and a rejecting one ends the process", async () => {
    const throwing = startListener({ protocolVersion, fault: "throws" });
    const rejecting = startListener({ protocolVersion, fault: "rejects" });
    const publisher = await site.raw();
    await Promise.all([throwing, rejecting].map(({ lines }) => lines.until((line) => line === "ready")));

    await sendWords(publisher, ["first", "second"]);

    await throwing.lines.until((line) => line.startsWith("error Keepalive timeout"));
    expect(throwing.lines.seen.filter((line) => line.startsWith("message"))).toEqual(["message first"]);
    expect(await rejecting.exited).not.toBe(0);
    throwing.child.kill();
    await throwing.exited;
  });

  test("T2: in ours a handler that throws or rejects costs its own message, not the next one", async () => {
    const { client } = site.open({ protocol });
    const heard = recorder<string>();
    const retry = { attempts: 1 };
    const throws = client.subscribe(
      word,
      ({ data }) => {
        heard.push(`throws ${data.text}`);
        throw new Error("no");
      },
      { retry },
    );
    const rejects = client.subscribe(
      mark,
      async ({ data }) => {
        heard.push(`rejects ${data.text}`);
        throw new Error("no");
      },
      { retry },
    );
    await Promise.all([throws.active, rejects.active]);
    const publisher = await site.raw();

    await sendWords(publisher, ["1", "2"]);
    await sendWords(publisher, ["3", "4"], mark.filter);

    // Which topic is first is not promised.
    expect([...(await heard.take(4))].sort()).toEqual(["rejects 3", "rejects 4", "throws 1", "throws 2"]);
    expect(client.state).toMatchObject({ kind: "up", epoch: 1 });
  });

  test("T3: in MQTT.js asynchronous listeners end out of order, after their messages were acknowledged", async () => {
    const link = await openLink({ target: site.broker.target });
    await using subscriber = await site.raw({ url: link.url, protocolVersion });
    const held = gate();
    const ended = recorder<string>();
    subscriber.mqtt.on("message", async (_topic, payload) => {
      if (payload.toString() === "0") await held.passed;
      ended.push(payload.toString());
    });
    await subscriber.subscribe(word.filter);
    const publisher = await site.raw();

    for (const text of texts(5)) await publisher.publish(word.filter, text);
    await ended.take(4);
    await link.record.untilAll((seen) => seen.filter(isPuback).length === 5);
    held.open();
    await ended.next();

    expect(ended.seen).toEqual(["1", "2", "3", "4", "0"]);
    await link.close();
  });

  test("T3: in ours handlers of one topic run in order, and nothing is acknowledged before its handler has ended", async () => {
    const { client } = site.open({ protocol });
    const held = gate();
    const started = recorder<string>();
    const ended = recorder<string>();
    const subscription = client.subscribe(word, async ({ data }) => {
      started.push(data.text);
      if (data.text === "0") await held.passed;
      ended.push(data.text);
    });
    await subscription.active;
    const publisher = await site.raw();

    await sendWords(publisher, texts(5));
    await started.next();
    // Its PUBACK comes back over the same connection, behind whatever was sent before it.
    await client.publishConfirmed(mark, { text: "fence" });
    expect([started.seen, ended.seen, pubacks(site.link)]).toEqual([["0"], [], 0]);
    held.open();
    await ended.take(5);

    expect(ended.seen).toEqual(texts(5));
    await site.link.record.untilAll((seen) => seen.filter(isPuback).length === 5);
  });

  test("T8: in MQTT.js a session's backlog is acknowledged and lost when the handler is attached after the connection", async () => {
    const link = await openLink({ target: site.broker.target });
    await leaveBacklog({ protocolVersion, clientId: "late", words: texts(50) });

    await using subscriber = await site.raw({ ...SESSION, url: link.url, protocolVersion, clientId: "late" });
    await link.record.untilAll((seen) => seen.filter(isPuback).length === 50);
    const heard = recorder<string>();
    subscriber.mqtt.on("message", (_topic, payload) => heard.push(payload.toString()));
    const publisher = await site.raw();
    await publisher.publish(word.filter, "fence");
    await heard.next();

    expect(heard.seen).toEqual(["fence"]);
    await link.close();
  });

  test("T8: in ours a session's backlog reaches handlers attached before the first CONNACK, and after it", async () => {
    await leaveBacklog({ protocolVersion, clientId: "ours", words: texts(50), topics: [word.filter, mark.filter] });

    const { client } = site.open({ protocol, clientId: "ours" });
    const early = recorder<string>();
    const late = recorder<string>();
    client.subscribe(word, ({ data }) => early.push(data.text));
    await client.ready();
    await early.take(50);
    client.subscribe(mark, ({ data }) => late.push(data.text));
    await late.take(50);

    expect([early.seen, late.seen]).toEqual([texts(50), texts(50)]);
  });
});

const SESSION = { clean: false, mqttOptions: { properties: { sessionExpiryInterval: 600 } } } as const;

/** A session with messages waiting in it. */
async function leaveBacklog(options: {
  readonly protocolVersion: 4 | 5;
  readonly clientId: string;
  readonly words: readonly string[];
  readonly topics?: readonly string[];
}): Promise<void> {
  const { protocolVersion, clientId, words, topics = [word.filter] } = options;
  const subscriber = await site.raw({ ...SESSION, protocolVersion, clientId });
  await subscriber.subscribe(topics);
  await subscriber.end();
  const publisher = await site.raw();
  for (const topic of topics) await sendWords(publisher, words, topic);
}

/** A program that listens as the handbook of MQTT.js shows it, with a listener that fails. */
function startListener({ protocolVersion, fault }: { readonly protocolVersion: number; readonly fault: string }) {
  const program = fileURLToPath(new URL("./raw-listener.fixture.ts", import.meta.url));
  const child = spawn(process.execPath, [program, site.broker.url, String(protocolVersion), word.filter, fault], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines = recorder<string>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => text.split("\n").filter(Boolean).forEach(lines.push));
  return { child, lines, exited: once(child, "exit").then(([code]) => code) };
}
