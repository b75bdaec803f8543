/** The path to the broker: half-open, stalled, reset, cut in the middle of a frame, closed, silent, one of several. */
import { openBroker, openScriptedBroker, recorder, until } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type HeardClient,
  type LogLine,
  openClient,
  openSite,
  PROTOCOLS,
  type Site,
  texts,
  word,
} from "./client.fixture.ts";
import { connectWith } from "./connect.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

const isBack = ({ client }: HeardClient) => until(() => client.state.kind === "up" && client.state.epoch > 1);
const isLost = ({ message }: LogLine) => message.startsWith("not connected");
/** What a lost connection was lost for. */
const reasonOf = ({ fields }: LogLine): string => String(fields["err"]);
const PROBES = { probeAfterMs: 100, probeTimeoutMs: 150 } as const;
const envelope = (text: string) => ({
  id: text.slice(0, 32).padEnd(32, "0"),
  type: word.type,
  ts: Date.now() / 1_000,
  source: "peer",
  data: { text },
});

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a half-open connection is probed, then reset, and the client is back on a new one", async () => {
    const ours = site.open({ protocol, ...PROBES });
    await ours.client.ready();

    site.link.halfOpen();
    const lost = await ours.log.until(isLost);
    await isBack(ours);

    const [, silentMs = "0"] = /nothing came from the broker for (\d+) ms/.exec(reasonOf(lost)) ?? [];
    expect(Number(silentMs)).toBeGreaterThanOrEqual(PROBES.probeAfterMs + PROBES.probeTimeoutMs);
    const onFirst = site.link.packets().filter(({ connection, direction }) => connection === 1 && direction === "up");
    expect(onFirst.at(-1)?.packet?.cmd).toBe("pingreq");
  });

  test("a half-open connection is found out also when the send window is full", async () => {
    const ours = site.open({ protocol, ...PROBES, sendWindow: 5, clientId: "ours" });
    await ours.client.ready();

    site.link.halfOpen();
    const all = texts(20).map((text) => ours.client.publishConfirmed(word, { text }));
    await Promise.all(all);

    expect(ours.client.state).toMatchObject({ kind: "up", epoch: 2 });
  });

  test("a stalled path is given up, attempts on it end with their deadline, and it is used again when it flows", async () => {
    const ours = site.open({ protocol, ...PROBES, attemptTimeoutMs: 150 });
    await ours.client.ready();

    site.link.stall();
    const lines = await ours.log.untilAll((seen) => seen.filter(isLost).length >= 3);
    await site.link.mend();
    await isBack(ours);

    const [first, ...others] = lines.filter(isLost).map(reasonOf);
    expect(first).toContain("nothing came from the broker");
    expect(others.filter((reason) => !reason.includes("no CONNACK within 150 ms"))).toEqual([]);
  });

  test("a reset connection is made again, and what was under way is sent again", async () => {
    const ours = site.open({ protocol, clientId: "ours" });
    const heard = recorder<string>();
    await ours.client.subscribe(word, ({ data }) => heard.push(data.text)).active;

    for (const text of texts(50)) ours.client.publish(word, { text });
    await site.link.seen(({ packet, direction }) => packet?.cmd === "publish" && direction === "up");
    site.link.reset();

    expect(await heard.take(50)).toEqual(texts(50));
    expect(ours.client.state).toMatchObject({ kind: "up", epoch: 2 });
  });

  test.each(["up", "down"] as const)(
    "a connection cut in the middle of a frame (%s) costs no message and repeats none",
    async (direction) => {
      const ours = site.open({ protocol, clientId: "ours" });
      const heard = recorder<string>();
      await ours.client.subscribe(word, ({ data }) => heard.push(data.text)).active;
      site.link.truncate(2_000, direction);

      for (const text of texts(20)) ours.client.publish(word, { text: text.padStart(300, "0") });
      await heard.take(20);

      expect(heard.seen.map(Number)).toEqual(texts(20).map(Number));
      const cut = site.link
        .packets()
        .find((packet) => packet.connection === 1 && !packet.forwarded && packet.forwardedBytes > 0);
      expect(cut?.direction).toBe(direction);
    },
  );

  test("a peer that accepts and says nothing is given up at the attempt's deadline", async () => {
    await using broker = await openScriptedBroker(() => undefined);
    const ours = openClient({ url: broker.url, protocol, attemptTimeoutMs: 50 });

    await broker.peers.take(3);
    await ours.client.close();

    expect(ours.log.seen.filter(isLost).map(reasonOf).at(0)).toContain("no CONNACK within 50 ms");
  });

  test("a peer that speaks something else is given up, and asked again", async () => {
    await using broker = await openScriptedBroker(async (peer) => {
      await peer.expect("connect");
      if (peer.connection < 3) peer.sendBytes(Buffer.from(`HTTP/1.1 400 Bad Request\r\n\r\n${"<p>".repeat(50)}`));
      else peer.send({ cmd: "connack", sessionPresent: false, reasonCode: 0, returnCode: 0 });
    });
    const ours = openClient({ url: broker.url, protocol });

    await ours.client.ready();
    await ours.client.close();

    expect(broker.peers.seen).toHaveLength(3);
  });
});

test("a closed port is asked again promptly, however long other waits have become", async () => {
  site.link.down();
  const log = recorder<LogLine>();
  const push = (fields: Readonly<Record<string, unknown>>, message: string) =>
    log.push({ level: "warn", message, fields });
  const options = { url: site.link.url, reconnect: { minDelayMs: 10_000, maxDelayMs: 20_000 } };
  const quiet = () => undefined;
  const client = connectWith(
    { ...options, log: { debug: quiet, info: quiet, warn: push, error: quiet } },
    { random: () => 0.02 },
  );

  const lines = await log.untilAll((seen) => seen.filter(isLost).length >= 3);
  await site.link.up();
  await client.ready();
  await client.close();

  // 0.02 of the 750 ms that a closed port is worth.
  expect(
    lines
      .filter(isLost)
      .slice(0, 3)
      .map(({ fields }) => fields["retryInMs"]),
  ).toEqual([15, 15, 15]);
});

test("of several addresses each is tried in its turn, and the one that failed last goes last", async () => {
  await using second = await openBroker();
  const ours = site.open({ url: [site.link.url, second.url] });
  await ours.client.ready();
  const first = ours.client.state;

  site.link.down();
  await isBack(ours);
  const then = ours.client.state;
  await second.stop();
  await site.link.up();
  await until(() => ours.client.state.kind === "up" && ours.client.state.epoch === 3);

  expect([first, then, ours.client.state]).toMatchObject([
    { url: site.link.url },
    { url: second.url },
    { url: site.link.url },
  ]);
});

test("a message with a part of it in each of many chunks is handled whole", async () => {
  const ours = site.open();
  const heard = recorder<number>();
  await ours.client.subscribe(word, ({ data }) => heard.push(data.text.length)).active;
  const peer = await site.raw();
  site.link.throttle(40_000_000, "down");

  await peer.publish(word.filter, envelope("x".repeat(200_000)));

  expect(await heard.next()).toBe(200_000);
});
