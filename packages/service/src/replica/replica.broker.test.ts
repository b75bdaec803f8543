/** What others see of a service that runs several times. */
import { configCurrent, systemHealth, systemKeepalive, ttsSay, ttsStatus } from "@ts-tars/contracts";
import { openBroker, rawClient, recorder, type TestBroker, within } from "@ts-tars/harness";
import { connect, readPresence } from "@ts-tars/mqtt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defineConfig } from "../config/define.ts";
import { ConfigurationError } from "../errors.ts";
import { aborted } from "../lifetime.ts";
import { createLog } from "../log.ts";
import { defineService } from "../service-definition.ts";
import { startService } from "../start-service.ts";
import { groupReplicas } from "./group-replicas.ts";

const QUIET = createLog({ name: "test", level: "silent" });

const parrot = defineService({
  name: "parrot",
  topics: { publishes: [ttsStatus], subscribes: [ttsSay] },
  config: defineConfig({ name: "parrot", prefix: "PARROT", fields: {} }),
  create:
    ({ client }) =>
    async ({ stop, ready }) => {
      const fail = (): never => {
        throw new Error("It cannot say that.");
      };
      await client.subscribe(ttsSay, fail, { retry: { attempts: 1 } }).active;
      ready();
      await aborted(stop);
    },
});

let broker: TestBroker;
beforeAll(async () => {
  broker = await openBroker();
});
afterAll(() => broker[Symbol.asyncDispose]());

/** A parrot with these arguments and variables, beside the others in this process. */
function start({ argv = [], env = {} }: { argv?: readonly string[]; env?: Readonly<Record<string, string>> }) {
  const stop = new AbortController();
  const isReady = Promise.withResolvers<void>();
  const ended = startService(parrot, {
    lifetime: { stop: stop.signal, ready: () => isReady.resolve() },
    sources: { argv, env: { XDG_CONFIG_HOME: "/nonexistent", MQTT_URL: broker.url, ...env } },
    log: QUIET,
  });
  return {
    ready: () => within(10_000, Promise.race([isReady.promise, ended])),
    stop: () => {
      stop.abort();
      return within(10_000, ended);
    },
  };
}

test("a replica has its number in its health, its heartbeat, its settings' topics, its dead letters and its source", async () => {
  const witness = await rawClient({ url: broker.url });
  await using _witness = witness;
  const service = { service: "parrot.2" };
  const health = systemHealth.at(service).filter;
  const beat = systemKeepalive.at({ client_id: "tars-parrot.2" }).filter;
  await witness.subscribe([health, beat, configCurrent.at(service).filter, "dead/parrot.2/+"]);
  const replica = start({ argv: ["--replica", "2"] });
  await replica.ready();
  const data = { text: "hello" };

  await witness.publish("tts/say", { id: "a".repeat(32), type: "tts.say", ts: Date.now() / 1_000, source: "me", data });
  await witness.received.until(({ topic }) => topic.startsWith("dead/parrot.2/"));
  const said = await witness.received.until(({ topic, text }) => topic === health && text.includes('"ready"'));
  for (const filter of [beat, configCurrent.at(service).filter]) {
    await witness.received.until(({ topic }) => topic === filter);
  }

  expect(JSON.parse(said.text)).toMatchObject({ source: "parrot.2", data: { ok: true } });
  await replica.stop();
});

test("two replicas do not take the connection from each other, and the service is there until the last one went", async () => {
  await using reader = connect({ url: broker.url });
  const kinds = recorder<string | undefined>();
  const people = readPresence(reader, systemHealth, {
    sessionOf: ({ session }) => session,
    isAlive: ({ ok, event }) => ok || event === "starting",
    onChange: () => {
      const views = new Map([...people.all()].map(([topic, view]) => [topic.replace("system/health/", ""), view]));
      kinds.push(groupReplicas(views).get("parrot")?.best.kind);
    },
  });
  await people.active;
  const [one, other] = [start({ env: { TARS_REPLICA: "3" } }), start({ env: { TARS_REPLICA: "4" } })];
  await Promise.all([one.ready(), other.ready()]);
  const kindOf = (number: number): string => people.get(`system/health/parrot.${number}`).kind;
  await kinds.untilAll(() => kindOf(3) === "alive" && kindOf(4) === "alive");

  await one.stop();
  await kinds.untilAll(() => kindOf(3) === "lost");
  const between = kinds.seen.at(-1);
  await other.stop();
  await kinds.untilAll(() => kindOf(4) === "lost");

  expect([between, kinds.seen.at(-1)]).toEqual(["alive", "lost"]);
});

test.each(["0", "65", "1.5", "two"])("a service does not start as replica %s", async (number) => {
  await expect(start({ env: { TARS_REPLICA: number } }).ready()).rejects.toThrow(ConfigurationError);
});
