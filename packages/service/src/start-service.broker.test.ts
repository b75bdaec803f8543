import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { systemHealth, ttsSay } from "@ts-tars/contracts";
import { openBroker, recorder, type TestBroker, within } from "@ts-tars/harness";
import { connect, StateDirectoryTakenError } from "@ts-tars/mqtt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defineConfig } from "./config/define.ts";
import { field } from "./config/field.ts";
import { BrokerRefusedError, ConfigurationError, StopDeadlineError } from "./errors.ts";
import { aborted, type Service } from "./lifetime.ts";
import { createLog } from "./log.ts";
import { Mailbox } from "./mailbox.ts";
import { defineService, type ServiceDeps } from "./service-definition.ts";
import { startService } from "./start-service.ts";

let broker: TestBroker;
beforeAll(async () => {
  broker = await openBroker();
});
afterAll(() => broker[Symbol.asyncDispose]());

const QUIET = createLog({ name: "test", level: "silent" });
const NO_FILE = { XDG_CONFIG_HOME: "/nonexistent" };
const config = defineConfig({
  name: "parrot",
  prefix: "PARROT",
  fields: { words: field.text({ doc: "What it says.", default: "hello" }) },
});
const parrot = (name: string, create: (deps: ServiceDeps<{ readonly words: string }>) => Service) =>
  defineService({ name, topics: { subscribes: [ttsSay] }, config, create });

/** A service in this process, and the hand that stops it. */
function start(definition: ReturnType<typeof parrot>, env: Record<string, string> = {}, stopDeadlineMs = 10_000) {
  const stop = new AbortController();
  const ready = Promise.withResolvers<void>();
  const ended = startService(definition, {
    lifetime: { stop: stop.signal, ready: () => ready.resolve() },
    sources: { env: { ...NO_FILE, MQTT_URL: broker.url, ...env } },
    log: QUIET,
    stopDeadlineMs,
    connect: (options) => connect({ ...options, drainMs: 50 }),
  });
  // Looked at by each test; until then a rejection is not news.
  ended.catch(() => undefined);
  return { stop, ended, ready: () => within(10_000, Promise.race([ready.promise, ended])) };
}

const obedient: Service = async ({ stop, ready }) => {
  ready();
  await aborted(stop);
};

test("a service gets its settings and a client under its own name, and ends when it is told to", async () => {
  const seen = recorder<unknown>();
  const definition = parrot("polly", ({ config: { words }, client }) => {
    seen.push([words, client.source, client.clientId]);
    return obedient;
  });
  const { stop, ended, ready } = start(definition, { PARROT_WORDS: "ahoy" });
  await ready();

  stop.abort();

  await within(10_000, ended);
  expect(seen.seen).toEqual([["ahoy", "polly", "tars-polly"]]);
});

test("several services in one process have each their own health", async () => {
  await using witness = connect({ url: broker.url });
  const healthy = recorder<string>();
  await witness.subscribe(systemHealth, ({ data, params }) => {
    if (data.event === "ready") healthy.push(params.service);
  }).active;

  const services = ["one", "two"].map((name) => start(parrot(name, () => obedient)));

  await healthy.untilAll((seen) => seen.includes("one") && seen.includes("two"));
  for (const { stop } of services) stop.abort();
  await within(10_000, Promise.all(services.map(({ ended }) => ended)));
});

test("what must survive a service lies in a folder of its own, and a second process of it is told so and goes", async () => {
  const directory = await mkdtemp(join(tmpdir(), "service-state-"));
  const first = start(
    parrot("polly", () => obedient),
    { MQTT_STATE_DIR: directory },
  );
  await first.ready();

  const second = start(
    parrot("polly", () => obedient),
    { MQTT_STATE_DIR: directory },
  );
  const other = start(
    parrot("molly", () => obedient),
    { MQTT_STATE_DIR: directory },
  );

  await expect(within(10_000, second.ended)).rejects.toThrow(StateDirectoryTakenError);
  await other.ready();
  expect(await readdir(directory)).toEqual(["molly", "polly"]);
  expect(await readdir(join(directory, "polly"))).toEqual(expect.arrayContaining(["delivery.db", "outbox.db"]));
  for (const { stop } of [first, other]) stop.abort();
  await within(10_000, Promise.all([first.ended, other.ended]));
  await rm(directory, { recursive: true });
});

test.each([
  ["a fault that nobody caught", new Error("ouch"), [{ starts: 1 }]],
  ["an order", undefined, []],
])("what was being handled when a service ended by %s is remembered accordingly", async (_what, reason, expected) => {
  const directory = await mkdtemp(join(tmpdir(), "service-state-"));
  const handling = recorder<string>();
  const definition = parrot("polly", ({ client }) => async ({ stop, ready }) => {
    const say = client.subscribe(ttsSay, async ({ data, signal }) => {
      handling.push(data.text);
      await aborted(signal);
      throw signal.reason;
    });
    await say.active;
    ready();
    await aborted(stop);
  });
  const { stop, ended, ready } = start(definition, { MQTT_STATE_DIR: directory });
  await ready();
  await using peer = connect({ url: broker.url });
  peer.publish(ttsSay, { text: "choke" });
  await handling.next();

  stop.abort(reason);

  await within(10_000, ended);
  using database = new DatabaseSync(join(directory, "polly", "delivery.db"));
  expect(database.prepare("SELECT starts FROM runs").all()).toEqual(expected);
  await rm(directory, { recursive: true });
});

test("wrong settings reject before anything is created", async () => {
  const created = recorder<string>();
  const definition = parrot("polly", () => {
    created.push("created");
    return obedient;
  });

  await expect(start(definition, { MQTT_KEEPALIVE: "0", TARS_LOG_LEVEL: "loud" }).ended).rejects.toThrow(
    ConfigurationError,
  );
  expect(created.seen).toEqual([]);
});

test("what the service throws is what the start rejects with, and its health says that it went", async () => {
  await using witness = connect({ url: broker.url });
  const events = recorder<string | undefined>();
  await witness.subscribe(systemHealth.at({ service: "sick" }), ({ data }) => events.push(data.event)).active;

  const { ended } = start(
    parrot("sick", ({ client }) => async () => {
      await client.ready();
      throw new Error("no engine");
    }),
  );

  await expect(ended).rejects.toThrow("no engine");
  await events.until((event) => event === "shutdown");
});

test("what creating the service throws is what the start rejects with", async () => {
  const definition = parrot("sick", () => {
    throw new Error("no device");
  });

  await expect(start(definition).ended).rejects.toThrow("no device");
});

test("a service that does not stop in time is given up", async () => {
  const { stop, ended, ready } = start(
    parrot("deaf", () => async ({ ready }) => {
      ready();
      await new Promise(() => undefined);
    }),
    {},
    20,
  );
  await ready();

  stop.abort();

  await expect(within(10_000, ended)).rejects.toThrow(StopDeadlineError);
});

test("a broker that refuses the service for good stops it, and is the reason of its end", async () => {
  await using guarded = await openBroker({ password: true });
  const stopped = recorder<string>();
  const definition = parrot("polly", () => async ({ stop }) => {
    await aborted(stop);
    stopped.push("stopped");
  });

  await expect(start(definition, { MQTT_URL: guarded.url }).ended).rejects.toThrow(BrokerRefusedError);
  expect(stopped.seen).toEqual(["stopped"]);
});

test("a service that was told to end before it was ready is not announced any more", async () => {
  const announced: string[] = [];
  const late = parrot(
    "late",
    () =>
      async ({ ready }) =>
        ready(),
  );

  await startService(late, {
    lifetime: { stop: AbortSignal.abort(), ready: () => announced.push("ready") },
    sources: { env: { ...NO_FILE, MQTT_URL: broker.url } },
    log: QUIET,
  });

  expect(announced).toEqual([]);
});

test("a message whose event the loop could not finish is tried again by the client", async () => {
  await using asker = connect({ url: broker.url });
  const tries = recorder<number>();
  const { stop, ended, ready } = start(
    parrot("clumsy", ({ client }) => async ({ stop, ready }) => {
      const inbox = new Mailbox<number>({ capacity: 1 });
      const say = client.subscribe(ttsSay, ({ attempt }) => {
        tries.push(attempt);
        if (attempt === 1) inbox.post(0);
        return inbox.handled(attempt);
      });
      await say.active;
      ready();
      await tries.until((attempt) => attempt === 2);
      stop.addEventListener("abort", () => inbox.close(), { once: true });
      await inbox.run(() => undefined);
    }),
  );
  await ready();

  asker.publish(ttsSay, { text: "hello" });

  await tries.until((attempt) => attempt === 2);
  stop.abort();
  await within(10_000, ended);
  expect(tries.seen.slice(0, 2)).toEqual([1, 2]);
});
