import { join } from "node:path";
import { type BrokerState, findMosquitto, type RefusedPublish, startManagedBroker } from "@ts-tars/broker";
import type { ConnectOptions } from "@ts-tars/mqtt";
import { type Settings, withoutCredentials } from "@ts-tars/service";
import { NothingRunsError } from "../errors.ts";
import { asVisitor, checkAnswers } from "../open-client.ts";
import type { ServiceEntry } from "../services.ts";
import { planBroker } from "./broker-plan.ts";
import { brokerUsers } from "./broker-users.ts";
import type { BrokerAccess } from "./child-environment.ts";
import { OPERATOR } from "./roles.ts";
import type { tarsConfig } from "./tars-config.ts";

/** The broker of a running robot. */
export interface OpenedBroker {
  readonly access: BrokerAccess;
  /** For a client of `tars up` itself. */
  readonly options: ConnectOptions;
  /** Its process, when it is ours and not this one. */
  readonly pid: () => number | undefined;
  /** Calls back whenever it came up again, as another process. */
  readonly onRestart: (react: () => void) => void;
  readonly stop: () => Promise<void>;
}

/** What opening a broker needs. */
export interface OpenBrokerOptions {
  readonly settings: Settings<typeof tarsConfig.fields>;
  /** Who gets a user of its own at a broker of ours. */
  readonly started: readonly ServiceEntry[];
  /** Whose rights go to the operator, who runs them himself. */
  readonly byHand?: readonly ServiceEntry[];
  /** Holds the managed broker's configuration and store. */
  readonly directory: string;
  readonly say: (line: string) => void;
  /** Ends the wait for a broker that does not answer. */
  readonly stop: AbortSignal;
}

/**
 * The broker that was configured; else one of our own, on this machine, behind a password, supervised.
 *
 * @throws {NothingRunsError} when the broker that was asked for cannot be had, or does not answer.
 */
export async function openBroker(options: OpenBrokerOptions): Promise<OpenedBroker> {
  const { settings, say } = options;
  const plan = planBroker({
    hasUrl: settings.mqtt.origins.url.from !== "default",
    choice: settings.service.values.broker,
    hasMosquitto: (await findMosquitto()) !== undefined,
  });
  switch (plan.kind) {
    case "external":
      return await externalBroker(options);
    case "impossible":
      throw new NothingRunsError(plan.problem, "unreachable");
    case "mosquitto":
    case "embedded":
      if (plan.kind === "embedded" && plan.note !== undefined) say(plan.note);
      return await managedBroker(plan.kind, options);
  }
}

/** Somebody else's broker is looked at first: services that wait for it would only say so one by one. */
async function externalBroker({ settings: { connection, mqtt }, stop }: OpenBrokerOptions): Promise<OpenedBroker> {
  const visitor = asVisitor(connection);
  await checkAnswers(visitor, { url: withoutCredentials(mqtt.values.url), from: mqtt.origins.url.name, stop });
  const { credentials } = connection;
  const { username, password } = (typeof credentials === "function" ? await credentials() : credentials) ?? {};
  const [first] = [connection.url].flat();
  return {
    access: {
      kind: "external",
      url: first ?? withoutCredentials(mqtt.values.url),
      username,
      password,
      credentialsOf: () => {
        throw new TypeError("At somebody else's broker no service has a password of its own.");
      },
      configuredUrl: mqtt.values.url,
    },
    options: visitor,
    pid: () => undefined,
    onRestart: () => undefined,
    stop: () => Promise.resolve(),
  };
}

async function managedBroker(
  choice: "mosquitto" | "embedded",
  { directory, say, started, byHand = [] }: OpenBrokerOptions,
): Promise<OpenedBroker> {
  const load = (entries: readonly ServiceEntry[]) => Promise.all(entries.map((entry) => entry.load()));
  const users = brokerUsers({ started: await load(started), byHand: await load(byHand) });
  let restarted = (): void => undefined;
  const onState = (state: BrokerState): void => {
    if (state.kind === "up") restarted();
    if (state.kind === "down") say(`the broker ended; it starts again in ${(state.restartInMs / 1_000).toFixed(1)} s`);
  };
  const { broker, credentialsOf } = await startManagedBroker({
    choice,
    directory: join(directory, "broker"),
    users,
    onState,
    onRefused: tellOnce(say),
  });
  const credentials = credentialsOf(OPERATOR);
  const { kind, url } = broker;
  return {
    access: { kind, url, ...credentials, credentialsOf, configuredUrl: undefined },
    options: { url, source: "tars-up", credentials, ...(kind === "aedes" && { protocol: "3.1.1" as const }) },
    pid: () => (broker.state.kind === "up" ? broker.state.broker.pid : undefined),
    onRestart: (react) => {
      restarted = react;
    },
    stop: () => broker.stop(),
  };
}

/** A sender without the right sends again and again; names on the wire are anybody's, so not for ever new ones. */
const TOLD_MAX = 100;

/** Says of each sender and topic once that the embedded broker dropped its message. */
function tellOnce(say: (line: string) => void): (refused: RefusedPublish) => void {
  const told = new Set<string>();
  return ({ username, clientId, topic }) => {
    const line = `the broker dropped a message of ${username} (${clientId}) on ${topic}: it has no right to publish there`;
    if (told.has(line) || told.size >= TOLD_MAX) return;
    told.add(line);
    say(line);
  };
}
