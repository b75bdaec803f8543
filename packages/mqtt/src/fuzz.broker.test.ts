import { until } from "@ts-tars/harness";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { lamp, mark, murmur, openSite, order, PROTOCOLS, type Site, word } from "./client.fixture.ts";
import { defineTopic } from "./contract/index.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

/** The same payloads each time: a run that fails can be repeated. */
const SEED = 20_240_607;
const COUNT = 10_000;
/** So many are on their way at a time; the broker keeps 5 000 for a slow subscriber. */
const BATCH = 500;

/** Also reads what has no envelope. */
const bare = defineTopic({
  name: "test/bare",
  type: "test.bare",
  delivery: "event",
  acceptsBare: true,
  payload: z.object({ text: z.string() }),
});
/** Every body counts, as with a stop. */
const any = defineTopic({
  name: "test/any",
  type: "test.any",
  delivery: "command",
  ttlMs: 10_000,
  wire: "any",
  payload: z.object({ text: z.string().default("stop") }),
});
const TOPICS = [word, order, lamp, murmur, bare, any].map(({ filter }) => filter);

const shortText = fc.string({ maxLength: 30 });
const envelope = fc.record(
  {
    id: fc.oneof(fc.uuid(), shortText, fc.integer(), fc.constant(null)),
    type: fc.oneof(fc.constant("test.word"), shortText, fc.constant(null)),
    ts: fc.oneof(fc.double(), fc.integer(), shortText),
    source: fc.oneof(shortText, fc.string({ minLength: 250, maxLength: 300 }), fc.boolean()),
    data: fc.oneof(
      fc.record({ text: fc.oneof(shortText, fc.jsonValue()) }),
      fc.jsonValue(),
      fc.constant({ text: "ok" }),
    ),
    correlation_id: fc.oneof(shortText, fc.constant(null)),
    error: fc.oneof(fc.record({ code: shortText, message: shortText }), fc.jsonValue()),
    reply_to_id: shortText,
    __proto__: fc.jsonValue(),
  },
  { requiredKeys: ["data"] },
);
const asBytes = (text: string): Buffer => Buffer.from(text);
const payloads = fc.oneof(
  { weight: 3, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 2, arbitrary: fc.json().map(asBytes) },
  { weight: 4, arbitrary: envelope.map((value) => asBytes(JSON.stringify(value) ?? "")) },
  // Cut short, or with one byte changed.
  {
    weight: 3,
    arbitrary: fc.tuple(envelope, fc.nat(500), fc.nat(255), fc.boolean()).map(([value, at, byte, cuts]) => {
      const bytes = asBytes(JSON.stringify(value) ?? "");
      if (cuts) return bytes.subarray(0, at % (bytes.length + 1));
      bytes[at % Math.max(1, bytes.length)] = byte;
      return bytes;
    }),
  },
);
const messages = fc.record({ topic: fc.constantFrom(...TOPICS), payload: payloads });

/** A client that accepts what fits, and how many messages it is done with. */
const openEater = async (protocol: "5" | "3.1.1") => {
  const heard = site.open({ protocol, clientId: `fuzzed-${protocol}`, url: site.broker.url });
  const { client, count } = heard;
  let accepted = 0;
  const accept = (): void => {
    accepted += 1;
  };
  const subscriptions = [
    ...[word, order, murmur, bare, any].map((topic) => client.subscribe(topic, accept)),
    client.subscribeState(lamp, accept),
  ];
  await Promise.all(subscriptions.map(({ active }) => active));
  const counters = ["dead_letters", "messages_dropped", "duplicates_suppressed", "failed_replies_skipped"];
  return {
    ...heard,
    accepted: () => accepted,
    settled: () => accepted + counters.reduce((sum, name) => sum + count(name), 0),
  };
};

test("of 10 000 fuzzed payloads each is accepted, dead-lettered or counted", async () => {
  const eaters = await Promise.all(PROTOCOLS.map(openEater));
  const publisher = await site.raw();

  const all = fc.sample(messages, { seed: SEED, numRuns: COUNT });
  for (let sent = 0; sent < COUNT; sent += BATCH) {
    const batch = all.slice(sent, sent + BATCH);
    await Promise.all(
      batch.map(({ topic, payload }) => publisher.publish(topic, payload, { qos: topic === murmur.filter ? 0 : 1 })),
    );
    await until(() => eaters.every(({ settled }) => settled() >= sent + BATCH), {
      describe: () => `${eaters.map(({ settled }) => settled())} of ${sent + BATCH} settled`,
    });
  }
  await Promise.all(eaters.map(({ client }) => client.publishConfirmed(mark, { text: "alive" })));

  for (const { settled, accepted, count, client, log } of eaters) {
    expect(settled()).toBe(COUNT);
    expect(accepted()).toBeGreaterThan(COUNT / 20);
    expect(count("dead_letters")).toBeGreaterThan(COUNT / 5);
    expect(client.state).toMatchObject({ kind: "up", epoch: 1 });
    // Letters beyond the rate are lost as promised; a busy machine may stop this process, which the client says too.
    const expected = ["dead letter lost", "event loop blocked"];
    const errors = log.seen.filter(({ level, message }) => level === "error" && !expected.includes(message));
    expect(errors).toEqual([]);
  }
  // Three clients and a broker share the machine with whatever else runs on it.
}, 180_000);
