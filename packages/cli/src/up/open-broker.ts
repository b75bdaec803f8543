import { join } from "node:path";
import { type BrokerState, findMosquitto, startManagedBroker } from "@ts-tars/broker";
import type { ConnectOptions } from "@ts-tars/mqtt";
import { type Settings, withoutCredentials } from "@ts-tars/service";
import { NothingRunsError } from "../errors.ts";
import { asVisitor, checkAnswers } from "../open-client.ts";
import { planBroker } from "./broker-plan.ts";
import type { BrokerAccess } from "./child-environment.ts";
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
  { directory, say }: OpenBrokerOptions,
): Promise<OpenedBroker> {
  let restarted = (): void => undefined;
  const onState = (state: BrokerState): void => {
    if (state.kind === "up") restarted();
    if (state.kind === "down") say(`the broker ended; it starts again in ${(state.restartInMs / 1_000).toFixed(1)} s`);
  };
  const { broker, credentials } = await startManagedBroker({ choice, directory: join(directory, "broker"), onState });
  const { kind, url } = broker;
  return {
    access: { kind, url, ...credentials, configuredUrl: undefined },
    options: { url, source: "tars-up", credentials, ...(kind === "aedes" && { protocol: "3.1.1" as const }) },
    pid: () => (broker.state.kind === "up" ? broker.state.broker.pid : undefined),
    onRestart: (react) => {
      restarted = react;
    },
    stop: () => broker.stop(),
  };
}
