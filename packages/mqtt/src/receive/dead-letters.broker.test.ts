import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plantedWords } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SubscribeOptions } from "../api.ts";
import { mark, murmur, openSite, PROTOCOLS, type Site, texts, word } from "../client.fixture.ts";
import { rawTopic } from "../contract/index.ts";
import type { ConnectOptions } from "../options.ts";
import { foreign, keptDead, untilAcknowledged, watchDead, whisper } from "../wire.fixture.ts";
import { KEPT_PAYLOAD_BYTES } from "./dead-letter.ts";

const DAY_MS = 86_400_000;

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

const failing = (): never => {
  throw new RangeError("no voice");
};
const ONCE: SubscribeOptions = { retry: { attempts: 1 } };

/** A letter that an earlier life of the service left. */
const leave = async (name: string, ageMs: number): Promise<void> => {
  const failed_at = (Date.now() - ageMs) / 1_000;
  const letter = { id: name, topic: "a/b", reason: "contract", failed_at };
  await using raw = await site.raw();
  await raw.publish(`dead/service/${name}`, letter, { retain: true });
};

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  /** A client whose handler of `word` fails, and which may bury as fast as it likes. */
  const openFailing = async (options: Partial<ConnectOptions> = {}) => {
    const deadLetters = { perSecond: 1_000, ...options.deadLetters };
    const heard = site.open({ protocol, clientId: "service", ...options, deadLetters });
    await heard.client.subscribe(word, failing, ONCE).active;
    return heard;
  };

  test("what could not be handled is kept as a retained letter that tells what, why, when and how often", async () => {
    const { client } = site.open({ protocol, clientId: "service", source: "tts" });
    await client.subscribe(word, failing, { retry: { attempts: 2, minDelayMs: 1 } }).active;
    const publisher = await site.raw();
    const sentAtSec = Date.now() / 1_000;
    const payload = foreign({ text: "a" }, { id: "m1", source: "router", correlation_id: "turn-1" });

    await publisher.publish(word.filter, payload);
    await untilAcknowledged(site.link, 1);
    const letters = await keptDead(site);

    const [[topic, letter] = []] = [...letters];
    expect(letters.size).toBe(1);
    expect(topic).toBe(`dead/tts/${letter?.id}`);
    expect(letter).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      topic: word.filter,
      reason: "handler_failed",
      error: "RangeError: no voice",
      attempts: 2,
      first_at: expect.any(Number),
      failed_at: expect.any(Number),
      source: "router",
      original_id: "m1",
      correlation_id: "turn-1",
      payload_bytes: payload.length,
      payload: Buffer.from(payload).toString("base64"),
    });
    expect(letter?.first_at).toBeGreaterThanOrEqual(sentAtSec - 0.001);
    expect(letter?.failed_at).toBeGreaterThanOrEqual(letter?.first_at ?? Number.POSITIVE_INFINITY);
  });

  test("of a long message the first 64 KiB are kept", async () => {
    await openFailing();
    const publisher = await site.raw();
    const payload = foreign({ text: "x".repeat(2 * KEPT_PAYLOAD_BYTES) });

    await publisher.publish(word.filter, payload);
    await untilAcknowledged(site.link, 1);
    const [letter] = (await keptDead(site)).values();

    expect(letter).toMatchObject({ truncated: true, payload_bytes: payload.length });
    expect(Buffer.from(letter?.payload ?? "", "base64").toString()).toBe(payload.slice(0, KEPT_PAYLOAD_BYTES));
  });

  test("of a private message only the names and lengths of its fields are kept, in the letter and in the log", async () => {
    const { client, log } = site.open({ protocol, clientId: "service" });
    const quoting = ({ data }: { readonly data: { readonly text: string } }): never => {
      throw new Error(`cannot say ${data.text}`);
    };
    await client.subscribe(whisper, quoting, ONCE).active;
    const publisher = await site.raw();
    const words = plantedWords();

    await publisher.publish(whisper.filter, foreign({ text: words }));
    await publisher.publish(whisper.filter, foreign({ text: [words] }));
    await publisher.publish(whisper.filter, words);
    await untilAcknowledged(site.link, 3);
    const letters = [...(await keptDead(site)).values()];

    expect(letters.map(({ reason }) => reason).sort()).toEqual(["contract", "handler_failed", "undecodable"]);
    expect(letters.find(({ reason }) => reason === "handler_failed")).toMatchObject({
      error: "Error",
      fields: { text: words.length },
    });
    expect(letters.map(({ payload }) => payload)).toEqual([undefined, undefined, undefined]);
    expect(JSON.stringify([letters, log.seen])).not.toContain(words);
  });

  test("over the number that is kept the oldest letter is cleared, those of an earlier life first", async () => {
    for (const [name, ageMs] of [
      ["older", 60_000],
      ["oldest", 90_000],
    ] as const)
      await leave(name, ageMs);
    await openFailing({ deadLetters: { max: 3 } });
    const publisher = await site.raw();
    const dead = await watchDead(site);
    await dead.letters.take(2);

    for (const text of texts(3)) {
      await publisher.publish(word.filter, foreign({ text }, { id: `m${text}` }));
      await dead.letters.next();
    }
    const cleared = await dead.letters.untilAll(
      (seen) => seen.filter(({ letter }) => letter === undefined).length === 2,
    );

    expect(cleared.flatMap(({ topic, letter }) => (letter === undefined ? [topic] : []))).toEqual([
      "dead/service/oldest",
      "dead/service/older",
    ]);
    expect([...(await keptDead(site)).values()].map(({ original_id }) => original_id).sort()).toEqual([
      "m0",
      "m1",
      "m2",
    ]);
  });

  test("letters of an earlier life that are older than seven days are cleared at the start, younger ones stay", async () => {
    await leave("old", 7 * DAY_MS + 60_000);
    await leave("young", 7 * DAY_MS - 60_000);
    const dead = await watchDead(site);
    await dead.letters.take(2);

    await openFailing();
    const cleared = await dead.letters.next();

    expect(cleared).toEqual({ topic: "dead/service/old", letter: undefined });
    expect([...(await keptDead(site)).keys()]).toEqual(["dead/service/young"]);
  });

  test("over five a second letters are lost and counted, and their messages are acknowledged all the same", async () => {
    const heard = await openFailing({ deadLetters: { perSecond: 5 } });
    const publisher = await site.raw();

    await Promise.all(texts(12).map((text) => publisher.publish(word.filter, foreign({ text }))));
    await untilAcknowledged(site.link, 12);
    const kept = (await keptDead(site)).size;

    // The bucket refills while the messages come: five at once, and what time has brought.
    expect(kept).toBeGreaterThanOrEqual(5);
    expect(kept + heard.count("dead_letters_lost")).toBe(12);
    expect(heard.count("dead_letters_lost")).toBeGreaterThan(0);
    expect(heard.log.seen.some(({ level, fields }) => level === "error" && fields["why"] === "rate")).toBe(true);
  });

  test("never dead-lettered are QoS 0 messages, subscriptions that drop, raw filters, and what lies under the prefix", async () => {
    const heard = site.open({ protocol, clientId: "service" });
    const { client } = heard;
    const subscriptions = [
      client.subscribe(murmur, failing, ONCE),
      client.subscribe(mark, failing, { ...ONCE, onFailure: "drop" }),
      client.subscribe(rawTopic("raw/#"), failing, ONCE),
      client.subscribe(rawTopic("dead/other/+"), failing, { ...ONCE, onFailure: "dead_letter" }),
    ];
    await Promise.all(subscriptions.map(({ active }) => active));
    const publisher = await site.raw();
    const dead = await watchDead(site);

    await publisher.publish(murmur.filter, foreign({ text: "" }), { qos: 0 });
    await publisher.publish(mark.filter, foreign({ text: "" }));
    await publisher.publish("raw/a", "anything");
    await publisher.publish("dead/other/1", "anything");
    await untilAcknowledged(site.link, 3);
    await dead.fence();

    expect(heard.count("messages_dropped")).toBe(4);
    expect(dead.letters.seen.filter(({ topic }) => !/^dead\/(other|fence)/.test(topic))).toEqual([]);
  });
});

test("a letter that the broker forbids is lost and counted, and its message acknowledged", async () => {
  const directory = await mkdtemp(join(tmpdir(), "ts-tars-acl-"));
  const aclFile = join(directory, "acl");
  await writeFile(aclFile, "topic readwrite test/#\n");
  await using strict = await openSite({ aclFile });
  const heard = strict.open({ protocol: "5", clientId: "service" });
  await heard.client.subscribe(word, failing, ONCE).active;
  const publisher = await strict.raw();

  await publisher.publish(word.filter, foreign({ text: "a" }));
  await untilAcknowledged(strict.link, 1);
  await rm(directory, { recursive: true });

  expect(heard.count("dead_letters_lost")).toBe(1);
  expect(heard.log.seen.find(({ message }) => message === "dead letter lost")?.fields).toMatchObject({
    topic: word.filter,
    reason: "handler_failed",
    why: "refused",
  });
});
