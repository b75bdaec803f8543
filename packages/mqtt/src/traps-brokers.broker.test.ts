/**
 * Traits of brokers (T12–T14). No client can mend them: raw shows that they are there, and ours stays bounded, loses nothing of
 * its own, and goes on. "Lost by the broker" is told from the link's record, never from a client's word.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type LinkPacket, recorder, until } from "@ts-tars/harness";
import { expect, type TestContext, test } from "vitest";
import { gate, halt, openSite, PROTOCOLS, texts, word, wordOf } from "./client.fixture.ts";

const isPublish = ({ packet, direction }: LinkPacket, towards: "up" | "down") =>
  packet?.cmd === "publish" && direction === towards;

/** The most messages that were sent to the client and not acknowledged by it, at any one time. */
function mostUnacknowledged(packets: readonly LinkPacket[]): number {
  let open = 0;
  let most = 0;
  for (const each of packets) {
    if (isPublish(each, "down")) open += 1;
    if (each.packet?.cmd === "puback" && each.direction === "up") open -= 1;
    most = Math.max(most, open);
  }
  return most;
}

const envelope = (text: string) => ({
  id: text.padStart(32, "0"),
  type: word.type,
  ts: Date.now() / 1_000,
  source: "peer",
  data: { text },
});

async function skipUnlessOverrunning(context: TestContext): Promise<void> {
  const { stdout } = await promisify(execFile)("mosquitto", ["-h"]).catch(({ stdout }: { stdout: string }) => ({
    stdout,
  }));
  const [, major = "0", minor = "0", patch = "0"] = /version (\d+)\.(\d+)\.(\d+)/.exec(stdout) ?? [];
  const isMended = Number(major) * 10_000 + Number(minor) * 100 + Number(patch) >= 20_013;
  context.skip(isMended, "this Mosquitto keeps to the client's Receive Maximum (2.0.13 and later)");
}

test("T12: Mosquitto before 2.0.13 overruns the window of MQTT.js", async (context) => {
  await skipUnlessOverrunning(context);
  await using site = await openSite();
  await using subscriber = await site.raw({
    url: site.link.url,
    mqttOptions: { properties: { receiveMaximum: 5 } },
  });
  const handled = recorder<string>();
  // One at a time, each after a turn: the window stays full while the broker goes on.
  subscriber.mqtt.handleMessage = (_packet, done) => {
    handled.push("");
    setImmediate(done);
  };
  await subscriber.subscribe(word.filter);
  const publisher = await site.raw();

  await Promise.all(texts(200).map((text) => publisher.publish(word.filter, text)));
  await handled.take(200);

  expect(mostUnacknowledged(site.link.packets())).toBeGreaterThan(5);
});

test("T12: ours handles what overruns its window a few at a time, all of it and in order", async () => {
  await using site = await openSite();
  const { client } = site.open({ protocol: "5", receiveMaximum: 5, concurrency: 2 });
  const handled = recorder<string>();
  let running = 0;
  let most = 0;
  const subscription = client.subscribe(wordOf, async ({ data, params }) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    handled.push(`${params.key} ${data.text}`);
    running -= 1;
  });
  await subscription.active;
  const publisher = await site.raw();

  const sent = texts(200).map((text) => ({ key: `k${Number(text) % 4}`, text }));
  await Promise.all(sent.map(({ key, text }) => publisher.publish(wordOf.at({ key }).filter, envelope(text))));
  await handled.take(200);

  const byKey = (lines: readonly string[]) => Object.groupBy(lines, (line) => line.slice(0, 2));
  expect(byKey(handled.seen)).toEqual(byKey(sent.map(({ key, text }) => `${key} ${text}`)));
  expect(most).toBe(2);
});

test.for(PROTOCOLS)(
  "T13: what Mosquitto confirmed and lost at SIGKILL is lost by the broker, not by ours, on MQTT %s",
  async (protocol) => {
    // Without autosave the loss is certain; with `autosave_interval 1` it takes luck.
    await using site = await openSite({
      persistence: true,
      extraConfig: ["autosave_interval 3600", "autosave_on_changes false"],
    });
    const options = { protocol, clientId: "subscriber" } as const;
    const before = site.open(options);
    await before.client.subscribe(word, () => undefined).active;
    await before.client.close();
    const { client: publisher } = site.open({ protocol, clientId: "publisher" });

    for (const text of texts(20)) await publisher.publishConfirmed(word, { text });
    await site.broker.restart({ how: "kill" });
    const { client } = site.open(options);
    const handled = recorder<string>();
    await client.subscribe(word, ({ data }) => handled.push(data.text)).active;
    await publisher.publishConfirmed(word, { text: "after" });
    await handled.until((text) => text === "after");

    const packets = site.link.packets();
    const confirmed = packets.filter(
      ({ packet, direction }) => packet?.cmd === "puback" && direction === "down",
    ).length;
    const sentOn = packets.filter((packet) => isPublish(packet, "down")).length;
    expect({ lostByBroker: confirmed - sentOn, lostByClient: sentOn - handled.seen.length }).toEqual({
      lostByBroker: 20,
      lostByClient: 0,
    });
  },
);

test("T14: Aedes refuses MQTT 5, and ours goes on with 3.1.1 over the next connection", async () => {
  await using site = await openSite({ kind: "aedes" });
  await expect(site.raw({ protocolVersion: 5 })).rejects.toThrow("Unacceptable protocol version");
  const { client } = site.open();
  const handled = recorder<string>();
  client.subscribe(word, ({ data }) => handled.push(data.text));
  await client.ready();

  await client.publishConfirmed(word, { text: "a" });

  expect(await handled.next()).toBe("a");
  expect(client.state).toMatchObject({ kind: "up", protocol: "3.1.1" });
  expect(site.link.connections().map(({ protocolVersion }) => protocolVersion)).toEqual([5, 4]);
});

test("T14: with Aedes also the control link goes on with 3.1.1", async () => {
  await using site = await openSite({ kind: "aedes" });
  const { client } = site.open();
  const handled = recorder<string>();
  await client.subscribe(halt, ({ data }) => handled.push(data.text)).active;

  await client.publishConfirmed(halt, { text: "stop" });

  expect(await handled.next()).toBe("stop");
});

test("T14: Aedes grants a shared subscription and delivers nothing to it", async () => {
  await using site = await openSite({ kind: "aedes" });
  await using member = await site.raw({ protocolVersion: 4 });
  await member.subscribe(["$share/group/test/word", "test/mark"]);
  const publisher = await site.raw({ protocolVersion: 4 });

  await publisher.publish(word.filter, "to the group");
  await publisher.publish("test/mark", "fence");

  expect((await member.received.next()).text).toBe("fence");
});

test("T14: Aedes knows no window, and ours handles 5 000 messages that come at once a few at a time and in order", async () => {
  await using site = await openSite({ kind: "aedes" });
  const { client } = site.open({ protocol: "3.1.1", concurrency: 8 });
  const held = gate();
  const handled = recorder<number>();
  let running = 0;
  let most = 0;
  const subscription = client.subscribe(wordOf, async ({ data }) => {
    running += 1;
    most = Math.max(most, running);
    await held.passed;
    running -= 1;
    handled.push(Number(data.text));
  });
  await subscription.active;
  const publisher = await site.raw({ protocolVersion: 4 });
  const topicOf = (text: string) => wordOf.at({ key: `k${Number(text) % 50}` }).filter;

  await Promise.all(texts(5_000).map((text) => publisher.publish(topicOf(text), envelope(text))));
  await until(() => mostUnacknowledged(site.link.packets()) === 5_000);
  held.open();
  await handled.take(5_000);

  expect(most).toBe(8);
  const byKey = (numbers: readonly number[]) => Object.groupBy(numbers, (number) => number % 50);
  expect(byKey(handled.seen)).toEqual(byKey(texts(5_000).map(Number)));
});
