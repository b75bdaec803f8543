/** What the tests of the whole client share: small contracts, a site (broker, link, clients) and ears on a client. */
import {
  inspectAtEnd,
  type LeakCheck,
  type Link,
  leakCheck,
  lookAtFields,
  openBroker,
  openLink,
  type RawClient,
  type RawClientOptions,
  type Recorder,
  rawClient,
  recorder,
  type TestBroker,
  type TestBrokerOptions,
  until,
  within,
} from "@ts-tars/harness";
import { z } from "zod";
import type { Client, Undelivered } from "./api.ts";
import { connect } from "./connect.ts";
import { defineRequest, defineTopic } from "./contract/index.ts";
import type { Log } from "./log.ts";
import type { ConnectOptions } from "./options.ts";

/** Both protocol versions, as the client names them. */
export const PROTOCOLS = ["5", "3.1.1"] as const;

const Text = z.object({ text: z.string() });

/** An event; order per topic. */
export const word = defineTopic({ name: "test/word", type: "test.word", delivery: "event", payload: Text });
/** An event that travels beside `word`: a marker, or what a handler publishes. */
export const mark = defineTopic({ name: "test/mark", type: "test.mark", delivery: "event", payload: Text });
/** An event on topics of one's own, each a key of its own. */
export const wordOf = defineTopic({ name: "test/of/{key}", type: "test.word", delivery: "event", payload: Text });
/** QoS 0. */
export const murmur = defineTopic({ name: "test/murmur", type: "test.murmur", delivery: "stream", payload: Text });
/** A command that is worthless after ten seconds. */
export const order = defineTopic({
  name: "test/order",
  type: "test.order",
  delivery: "command",
  ttlMs: 10_000,
  payload: Text,
});
/** Retained. */
export const lamp = defineTopic({ name: "test/lamp", type: "test.lamp", delivery: "state", payload: Text });
/** Travels on the control link. */
export const halt = defineTopic({
  name: "test/halt",
  type: "test.halt",
  delivery: "command",
  ttlMs: 10_000,
  priority: "high",
  payload: Text,
});
/** A question: how much is `a + b`? */
export const sum = defineRequest({
  name: "test/sum/request",
  type: "test.sum.request",
  payload: z.object({ a: z.number(), b: z.number() }),
  replyName: "test/sum/reply",
  replyType: "test.sum.reply",
  replyPayload: z.object({ sum: z.number() }),
});

/** One call of the log. */
export interface LogLine {
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A client, and everything it tells about itself. */
export interface HeardClient {
  readonly client: Client;
  readonly log: Recorder<LogLine>;
  readonly undelivered: Recorder<Undelivered>;
  /** Sum of a counter over all its labels. */
  count(name: string): number;
}

/** A broker behind a link, and clients that are closed with it. */
export interface Site extends AsyncDisposable {
  readonly broker: TestBroker;
  readonly link: Link;
  /** Through the link; comes back quickly. */
  open(options?: Partial<ConnectOptions>): HeardClient;
  /** MQTT.js beside the link, so that the record is of ours alone. */
  raw(options?: Partial<RawClientOptions>): Promise<RawClient>;
}

/** Starts a broker, Mosquitto unless said. */
export async function openSite(options: TestBrokerOptions = {}): Promise<Site> {
  const broker = await openBroker(options);
  const link = await openLink({ target: broker.target });
  const clients: Client[] = [];
  const raws: RawClient[] = [];
  return {
    broker,
    link,
    open: (given = {}) => {
      const heard = openClient({ url: link.url, ...given });
      clients.push(heard.client);
      return heard;
    },
    raw: async (given = {}) => {
      const raw = await rawClient({ url: broker.url, ...given });
      raws.push(raw);
      return raw;
    },
    [Symbol.asyncDispose]: async () => {
      for (const { mqtt } of raws) mqtt.end(true);
      await Promise.all(clients.map(closeWithin));
      await link.close();
      await broker[Symbol.asyncDispose]();
    },
  };
}

/** A client with short waits between attempts, and ears. Close it, or open it with `Site.open`. */
export function openClient(options: ConnectOptions): HeardClient {
  const log = recorder<LogLine>(({ level, message }) => `${level} ${message}`);
  const undelivered = recorder<Undelivered>();
  const counts = new Map<string, number>();
  const client = inspectAtEnd(
    "a client",
    connect({
      reconnect: { minDelayMs: 20, maxDelayMs: 100 },
      drainMs: 500,
      log: recordingLog(log),
      hooks: { onCounter: (name, delta) => void counts.set(name, (counts.get(name) ?? 0) + delta) },
      onUndelivered: undelivered.push,
      ...options,
    }),
  );
  return { client, log, undelivered, count: (name) => counts.get(name) ?? 0 };
}

/** A log whose lines are recorded, and watched as those of any other log. */
export function recordingLog(lines: Recorder<LogLine>): Log {
  const method = (level: keyof Log) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    lookAtFields(level, { ...fields, message });
    lines.push({ level, message, fields });
  };
  return { debug: method("debug"), info: method("info"), warn: method("warn"), error: method("error") };
}

/** The numbers 0 … count − 1 as texts. */
export function texts(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(index));
}

/** A promise, and the hand that settles it. */
export function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}

/** How a promise stands after everything that can go on has gone on. */
export async function standing(promise: Promise<unknown>): Promise<"pending" | "resolved" | "rejected"> {
  let now: "pending" | "resolved" | "rejected" = "pending";
  promise.then(
    () => {
      now = "resolved";
    },
    () => {
      now = "rejected";
    },
  );
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return now;
}

/** A leak check that begins when the test runner's own short timers have ended: one that ends later would hide one of ours. */
export async function leakCheckAtRest(): Promise<LeakCheck> {
  await until(() => !process.getActiveResourcesInfo().includes("Timeout"));
  return leakCheck();
}

async function closeWithin(client: Client): Promise<void> {
  await within(15_000, client.close(), () => `close() of ${client.clientId} hangs in ${JSON.stringify(client.state)}`);
}
