import { plantedSecret } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { z } from "zod";
import { defineTopic } from "./contract/index.ts";
import { ConfigurationError } from "./errors.ts";
import type { ConnectOptions } from "./options.ts";
import { resolveOptions } from "./resolve-options.ts";

const SECRET = plantedSecret("sunflower");

const URL = "mqtt://hub";
const word = defineTopic({ name: "word", type: "word", delivery: "event", payload: z.object({ text: z.string() }) });

/** Not every caller has a compiler. */
const unchecked = (options: Readonly<Record<string, unknown>>): ConnectOptions => options as unknown as ConnectOptions; // that is what is tested

function problemsOf(options: ConnectOptions): readonly string[] {
  try {
    resolveOptions(options);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

test("with nothing but an address everything has its default", () => {
  const resolved = resolveOptions({ url: URL, clientId: "tts" });

  expect(resolved).toMatchObject({
    clientId: "tts",
    source: "tts",
    protocol: "auto",
    cleanStart: false,
    sessionExpirySec: 3_600,
    keepaliveSec: 15,
    watchdog: { probeAfterMs: 5_000, probeTimeoutMs: 5_000 },
    attemptTimeoutMs: 5_000,
    backoff: { minDelayMs: 500, maxDelayMs: 5_000 },
    receiveMaximum: 200,
    sendWindow: 100,
    concurrency: 64,
    outboxBounds: { maxMessages: 10_000, maxBytes: 32 * 1024 * 1024, maxAgeMs: 600_000 },
    dedupeBounds: { ttlMs: 900_000, maxEntries: 65_536 },
    maxPayloadBytes: 262_144,
    drainMs: 5_000,
    deadLetterOptions: { service: "tts", prefix: "dead", max: 200, maxAgeMs: 7 * 86_400_000, perSecond: 5 },
  });
  expect(resolved.urls).toMatchObject([{ protocol: "mqtt", host: "hub", port: 1883 }]);
});

test("without a client id there is a random one, a clean start and no session", () => {
  const [first, second] = [resolveOptions({ url: URL }), resolveOptions({ url: URL })];

  expect(first).toMatchObject({ cleanStart: true, sessionExpirySec: 0 });
  expect(first.clientId).not.toBe(second.clientId);
});

test("duplicates are remembered a minute longer than the outbox keeps a message, or not at all", () => {
  const outbox = { maxAgeMs: 1_200_000 };
  const ttlOf = (ttlMs?: number): number =>
    resolveOptions({ url: URL, outbox, ...(ttlMs !== undefined && { dedupe: { ttlMs } }) }).dedupeBounds.ttlMs;

  expect([ttlOf(), ttlOf(5_000), ttlOf(2_000_000), ttlOf(0)]).toEqual([1_260_000, 1_260_000, 2_000_000, 0]);
});

test("the dead letters of a service whose name MQTT could not carry as one level lie on one level all the same", () => {
  expect(resolveOptions({ url: URL, source: "tts/de+#" }).deadLetterOptions.service).toBe("tts_de__");
});

test("all problems come at once, each by the full name of its option", () => {
  const problems = problemsOf({
    url: ["mqtt://hub", "amqp://hub"],
    keepaliveSec: 0,
    probeAfterMs: Number.NaN,
    reconnect: { minDelayMs: 500, maxDelayMs: 100 },
    outbox: { maxMessages: -1 },
    deadLetters: { prefix: "dead/#" },
  });

  expect(problems.map((problem) => problem.split(" ").slice(0, 2).join(" "))).toEqual([
    "The broker's",
    "deadLetters.prefix is",
    "keepaliveSec is",
    "probeAfterMs is",
    "reconnect.maxDelayMs (100)",
    "outbox.maxMessages is",
  ]);
});

test.each<{ readonly what: string; readonly options: ConnectOptions; readonly says: string }>([
  { what: "no address", options: unchecked({}), says: "url is missing" },
  { what: "an address that is no text", options: unchecked({ url: 1883 }), says: "url is missing" },
  { what: "an empty list of addresses", options: { url: [] }, says: "url is missing" },
  { what: "an unknown scheme", options: { url: "tcp://hub" }, says: "use mqtt" },
  { what: "an unknown protocol", options: unchecked({ url: URL, protocol: "4" }), says: 'protocol is "4"' },
  {
    what: "an unknown kind of compatibility",
    options: unchecked({ url: URL, compat: "4" }),
    says: 'compat is "4"; it must be five-keys',
  },
  { what: "an empty client id", options: { url: URL, clientId: "" }, says: "clientId must be" },
  { what: "a source nobody would accept", options: { url: URL, source: "x".repeat(257) }, says: "source must be" },
  { what: "a session without a client id", options: { url: URL, cleanStart: false }, says: "cleanStart is false" },
  {
    what: "a certificate without its key",
    options: { url: URL, tls: { cert: "x" } },
    says: "tls.cert is given without",
  },
  { what: "a key without its certificate", options: { url: URL, tls: { key: "x" } }, says: "tls.key is given without" },
  {
    what: "a presence that is not retained",
    options: { url: URL, presence: { topic: word.at({}), birth: () => ({}), will: () => ({}) } },
    says: "presence.topic is word, which is no state",
  },
  { what: "a heartbeat too fast", options: { url: URL, heartbeat: { intervalMs: 999 } }, says: "at least 1000" },
  {
    what: "a heartbeat on a filter",
    options: { url: URL, heartbeat: { topicPrefix: "alive/+" } },
    says: "heartbeat.topicPrefix is",
  },
  {
    what: "a number that is a text",
    options: unchecked({ url: URL, drainMs: "5" }),
    says: "drainMs is 5; it must be a number",
  },
])("$what is refused and said", ({ options, says }) => {
  const problems = problemsOf(options);

  expect(problems.length).toBe(1);
  expect(problems[0]).toContain(says);
});

test("no problem of an address shows its password", () => {
  const problems = problemsOf({ url: [`mqtt://user:${SECRET}@hub:99999`, `amqp://user:${SECRET}@hub`] });

  expect(problems.length).toBe(2);
  expect(problems.join("\n")).not.toContain(SECRET);
});
