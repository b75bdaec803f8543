/** That services declare what they use, and that this is enough: all of them at an access list made of their declarations. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ManagedBroker, startManagedBroker } from "@ts-tars/broker";
import { deadLetter, type HealthPing, systemHealth, type TurnAnswer, turnAnswer, turnAsk } from "@ts-tars/contracts";
import { openWorld, rawClient, recorder, type World } from "@ts-tars/harness";
import { type Client, type ConnectOptions, connect } from "@ts-tars/mqtt";
import { createLog, declaredRights, type Service, type ServiceDefinition, startService } from "@ts-tars/service";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SERVICES } from "../services.ts";
import { brokerUsers } from "./broker-users.ts";
import { childEnvironment } from "./child-environment.ts";
import { OPERATOR } from "./roles.ts";

/** Subscribed to once a sentence goes to a room that has no device. */
const LATER: Readonly<Record<string, readonly string[]>> = { "tts-worker": ["audio/+/playout"] };

interface Line {
  readonly service: string;
  readonly level: string;
  readonly msg: string;
  readonly topic?: string;
}

const subscribed = new Map<string, Set<string>>();
const lines = recorder<Line>(({ service, msg, topic }) => `${service}: ${msg} ${topic ?? ""}`);
let directory: string;
let managed: ManagedBroker;
let world: World;
let operator: Client;
let definitions: readonly ServiceDefinition[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ts-tars-declared-"));
  definitions = await Promise.all(SERVICES.map(({ load }) => load()));
  const users = brokerUsers({ started: definitions, byHand: [] });
  managed = await startManagedBroker({ choice: "mosquitto", directory: join(directory, "broker"), users });
  const { url } = managed.broker;
  operator = connect({ url, source: "operator", credentials: managed.credentialsOf(OPERATOR) });
  world = await openWorld({
    services: Object.fromEntries(definitions.map((definition) => [definition.name, serviceOf(definition, url)])),
    readyDeadlineMs: 30_000,
  });
});
afterAll(async () => {
  await operator.close();
  await world[Symbol.asyncDispose]();
  await managed.broker.stop();
  await rm(directory, { recursive: true });
});

function serviceOf(definition: ServiceDefinition, url: string): Service {
  const service = definition.name;
  const access = { kind: "mosquitto", url, configuredUrl: undefined, credentialsOf: managed.credentialsOf };
  const quiet = {
    ...{ XDG_CONFIG_HOME: "/nowhere", XDG_STATE_HOME: directory, XDG_RUNTIME_DIR: directory },
    ...{ TTS_ENGINE: "silent", TTS_SINK: "null", TTS_SILENT_CHARS_PER_SEC: "1000", STT_SOURCE: "none" },
  };
  const env = childEnvironment(quiet, { ...access, username: undefined, password: undefined }, service);
  const stream = { write: (text: string) => lines.push({ service, ...JSON.parse(text) }) };
  const log = createLog({ name: service, level: "info", stream });
  return (lifetime) =>
    startService(definition, { lifetime, sources: { env }, log, connect: (options) => recording(service, options) });
}

/** A client whose filters are noted. */
function recording(service: string, options: ConnectOptions): Client {
  const client = connect(options);
  const filters = new Set<string>();
  subscribed.set(service, filters);
  return new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: readonly [{ readonly filter: string }, ...unknown[]]): unknown => {
        if (name === "subscribe") filters.add(args[0].filter);
        return Reflect.apply(value, target, args);
      };
    },
  });
}

test.each(SERVICES.map(({ name }) => name))("%s subscribes to what it declares, no less and no more", (name) => {
  const declared = definitions.find((definition) => definition.name === name)?.topics ?? {};

  const filters = [...(subscribed.get(name) ?? []), ...(LATER[name] ?? [])];

  expect(filters.toSorted()).toEqual(declaredRights(declared).subscribes);
});

test("a question is answered and spoken, and the broker refuses nobody anything", async () => {
  const answers = recorder<TurnAnswer>(({ text }) => text);
  const healths = recorder<HealthPing & { readonly service: string }>(({ service, event }) => `${service} ${event}`);
  await operator.subscribe(turnAnswer, ({ data }) => answers.push(data)).active;
  await operator.subscribe(systemHealth, ({ data, params }) => healths.push({ ...data, ...params })).active;
  const [known, unknown] = [randomBytes(16).toString("hex"), randomBytes(16).toString("hex")];

  operator.publish(turnAsk, { utt_id: known, text: "What time is it?", speak: "yes" });
  operator.publish(turnAsk, { utt_id: unknown, text: "Why is the sky blue?", speak: "yes" });

  const isEnd = ({ final }: TurnAnswer): boolean => final;
  const ends = await answers.untilAll((seen) => seen.filter(isEnd).length === 2, { deadlineMs: 30_000 });
  await healths.untilAll((seen) => definitions.every(({ name }) => seen.some(({ service }) => service === name)));
  expect(new Set(ends.filter(isEnd).map(({ utt_id }) => utt_id))).toEqual(new Set([known, unknown]));
  expect(lines.seen.filter(({ msg }) => /not delivered|refused|dead letter/u.test(msg))).toEqual([]);
  expect(
    healths.seen.flatMap(({ degraded = [] }) => degraded.filter((words) => words.includes("does not let"))),
  ).toEqual([]);
});

test("a service keeps a message that it could not handle, and the operator sees it and clears it", async () => {
  const letters = recorder<string>();
  await operator.subscribeState(deadLetter, ({ topic, cleared }) =>
    letters.push(`${cleared ? "cleared" : "kept"} ${topic}`),
  ).active;
  await using hand = await rawClient({ url: managed.broker.url, mqttOptions: { ...managed.credentialsOf(OPERATOR) } });

  await hand.publish("tts/control", { action: "explode" });
  const kept = await letters.until((line) => line.startsWith("kept dead/tts-worker/"));
  const [, service = "", id = ""] = kept.split("/");
  operator.clear(deadLetter.at({ service, id }));

  await letters.until((line) => line === `cleared dead/${service}/${id}`);
});
