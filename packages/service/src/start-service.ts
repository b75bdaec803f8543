import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { pid } from "node:process";
import { systemHealth } from "@ts-tars/contracts";
import {
  type Client,
  type ClientState,
  type ConnectOptions,
  connect,
  type Hooks,
  type StateStore,
  type Undelivered,
} from "@ts-tars/mqtt";
import { holdToTopics } from "./access/hold-to-topics.ts";
import { refusalTeller } from "./access/refusals.ts";
import { clientHooks } from "./client-hooks.ts";
import type { Fields, Values } from "./config/define.ts";
import { LOG_LEVEL_KEY, logLevelOf } from "./config/log-config.ts";
import type { Origin } from "./config/read.ts";
import { type LiveSettings, RunningSettings } from "./config/running-settings.ts";
import { serveSettings } from "./config/serve-settings.ts";
import { readSettings, type Settings, type SettingsSources } from "./config/settings.ts";
import { BrokerRefusedError, StopDeadlineError } from "./errors.ts";
import { HealthReporter } from "./health-reporter.ts";
import { joinHooks } from "./join-hooks.ts";
import { endsByFault, type Lifetime, whenAborted } from "./lifetime.ts";
import { createLog, type ServiceLog } from "./log.ts";
import { openMetrics } from "./metrics/open-metrics.ts";
import { rehearsalOf } from "./rehearsal/rehearse.ts";
import type { ServiceDefinition } from "./service-definition.ts";
import { openTraces } from "./traces/open-traces.ts";
import { VERSION } from "./version.ts";

/** A service has this long to finish after `stop`; the client then has its drain limit to close. */
export const STOP_DEADLINE_MS = 4_000;

/** Where and how a service runs inside a process that somebody else owns. */
export interface StartOptions {
  readonly lifetime: Lifetime;
  readonly sources: SettingsSources;
  /** Default: one on standard error, at the level of the settings. */
  readonly log?: ServiceLog;
  readonly stopDeadlineMs?: number;
  /** Told what the client measures and traces, beside what serves `/metrics`: those of OpenTelemetry, for instance. */
  readonly hooks?: Hooks;
  readonly connect?: (options: ConnectOptions) => Client;
  /** Rehearses once the service is ready, if its settings say so. Default false: services that share a process share its time. */
  readonly rehearses?: boolean;
}

/**
 * Runs a service until its lifetime ends: reads its settings, connects with presence, creates it, and closes what it
 * opened. Touches no signals, no exit code and no global state, so any number can run in one process.
 *
 * Resolves when the service stopped in order; rejects with
 * @throws {ConfigurationError} when the settings are wrong (nothing was started),
 * @throws {StateDirectoryTakenError} when another process of this service has its state directory (nothing was started),
 * @throws {BrokerRefusedError} when the broker refused the service for good,
 * @throws {StopDeadlineError} when it did not end in time, and with whatever the service threw.
 */
export async function startService<F extends Fields>(
  definition: ServiceDefinition<F>,
  options: StartOptions,
): Promise<void> {
  const settings = readSettings(definition, options.sources);
  const log = options.log ?? createLog({ name: settings.instance, level: settings.logLevel });
  for (const warning of settings.warnings) log.warn({ warning }, "a setting was not used");
  await serve(definition, settings, { ...options, log });
}

async function serve<F extends Fields>(
  definition: ServiceDefinition<F>,
  settings: Settings<F>,
  options: StartOptions & { log: ServiceLog },
): Promise<void> {
  const { lifetime, log, stopDeadlineMs = STOP_DEADLINE_MS, connect: open = connect, rehearses = false } = options;
  const { instance } = settings;
  const boot = randomBytes(16).toString("hex");
  const health = new HealthReporter({ identity: { boot, version: VERSION, pid } });
  const topic = systemHealth.at({ service: instance });
  const tellRefusal = refusalTeller(instance, { log, health });
  const state = await stateOf(settings);
  const metrics = await openMetrics({ service: instance, settings: settings.metrics.values, health, log });
  const traces = await openTraces(settings.traces.values);
  using _blamed = whenAborted(lifetime.stop, () => (endsByFault(lifetime.stop) ? state?.blame() : undefined));
  await using rehearsal = rehearses ? rehearsalOf(definition, { settings, log }) : undefined;
  const client = open({
    ...settings.connection,
    ...(state && { state }),
    ...(settings.mqtt.values.enableHealth && { presence: health.presence(topic) }),
    log,
    hooks: joinHooks(clientHooks(health), metrics?.hooks, rehearsal?.hooks, options.hooks, traces),
    onUndelivered: (undelivered) => {
      logUndelivered(log, undelivered);
      tellRefusal(undelivered);
    },
  });
  const following = health.follow(client, (message) => void client.publish(topic, message));
  const refused = new AbortController();
  void client.closed.then(() => refused.abort());
  const stop = AbortSignal.any([lifetime.stop, refused.signal]);
  const ready = (): void => {
    // A service that waits for its subscriptions stops waiting when it is told to end.
    if (stop.aborted) return;
    health.ready();
    lifetime.ready();
    rehearsal?.begin();
  };
  await using _endpoint = await metrics?.serve(client);
  try {
    const live = openSettings(definition, settings, { client, log, boot });
    const held = holdToTopics(client, instance, definition.topics);
    const { share } = settings;
    const deps = { config: settings.service.values, settings: live, client: held, log, health, boot, share };
    const work = async (): Promise<void> => (await definition.create(deps))({ stop, ready });
    await endOf(work(), stop, stopDeadlineMs);
    if (!stop.aborted) throw new Error(`${definition.name} ended by itself.`);
  } catch (error) {
    throw refusalOf(client.state) ?? error;
  } finally {
    health.stopping();
    await client.close();
    await following;
  }
  const refusal = refusalOf(client.state);
  if (refusal !== undefined) throw refusal;
}

/** A folder of this service's own in the state directory of all; loaded only where there is one. */
async function stateOf({ mqtt, instance }: Settings<Fields>): Promise<StateStore | undefined> {
  const { stateDir } = mqtt.values;
  if (stateDir === undefined) return undefined;
  const { stateDirectory } = await import("@ts-tars/mqtt/outbox");
  return stateDirectory(join(stateDir, instance));
}

/** Tells the settings, has them changed, and follows the log level itself. */
function openSettings<F extends Fields>(
  { config: definition }: ServiceDefinition<F>,
  settings: Settings<F>,
  { log, ...parts }: { readonly client: Client; readonly log: ServiceLog; readonly boot: string },
): LiveSettings<Values<F>> {
  const { service, instance: name } = settings;
  const running = new RunningSettings(definition.fields, service, log);
  const follow = (): void => {
    log.level = logLevelOf({ values: running.current, origins: running.origins }, settings.log);
  };
  const { [LOG_LEVEL_KEY]: origin }: Readonly<Record<string, Origin>> = service.origins;
  // A log that was handed in keeps its level, unless the service has one of its own.
  if (origin !== undefined && origin.from !== "default") follow();
  if (LOG_LEVEL_KEY in definition.fields) running.watch(LOG_LEVEL_KEY, follow);
  serveSettings({ name, definition, settings, running, log, ...parts });
  return running;
}

/** Waits for the work; once `stop` has aborted, only so long. */
async function endOf(work: Promise<void>, stop: AbortSignal, deadlineMs: number): Promise<void> {
  const late = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  using _forgotten = whenAborted(stop, () => {
    timer = setTimeout(() => late.reject(new StopDeadlineError(deadlineMs)), deadlineMs);
  });
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function refusalOf(state: ClientState): BrokerRefusedError | undefined {
  const isRefused = state.kind === "closed" && state.closed.reason !== "requested";
  return isRefused ? new BrokerRefusedError(state.closed.error) : undefined;
}

function logUndelivered(log: ServiceLog, { id, topic, reason, reasonCode }: Undelivered): void {
  const fields = { id, topic, reason, ...(reasonCode !== undefined && { reasonCode }) };
  // A newer value of the same state took its place: nothing is missing.
  if (reason === "superseded") log.debug(fields, "message not delivered");
  else log.warn(fields, "message not delivered");
}
