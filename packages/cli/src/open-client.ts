import { type Client, type ConnectOptions, connect } from "@ts-tars/mqtt";
import {
  ConfigurationError,
  connectionOf,
  examineConfig,
  loadConfigFile,
  mqttConfig,
  withoutCredentials,
} from "@ts-tars/service";
import { findBroker } from "./broker-address.ts";
import type { CommonOptions, Context } from "./context.ts";
import { NothingRunsError } from "./errors.ts";
import type { RunFile } from "./run-file.ts";
import { readRunFile, runFilePath } from "./run-file-store.ts";

/** A broker that does not answer a command within this time does not answer. */
const CONNECT_LIMIT_MS = 5_000;

/** The way to the broker that a command uses. */
export interface Route {
  readonly options: ConnectOptions;
  /** The URL without credentials. */
  readonly url: string;
  /** Who named it: the flag, the variable, the file's line, or the robot that runs here. */
  readonly from: string;
  /** The robot that runs here, when it is the one that is used. */
  readonly run: RunFile | undefined;
}

/**
 * Finds the broker: `--url`, `MQTT_URL` or the file, else the robot that runs here.
 *
 * @throws {NothingRunsError} when there is none. @throws {ConfigurationError} when the settings are wrong.
 */
export function findRoute(context: Context, { url }: CommonOptions): Route {
  const { file, problems } = loadConfigFile(context.env);
  const flags: Record<string, string> = url === undefined ? {} : { url };
  const examined = examineConfig(mqttConfig, { flags, env: context.env, readText: context.readText, file });
  if (!examined.ok || problems.length > 0) {
    throw new ConfigurationError([...problems, ...(examined.ok ? [] : examined.problems)]);
  }
  const run = readRunFile(runFilePath(context.env), context.isAlive);
  const address = findBroker({ hasUrl: examined.reading.origins.url.from !== "default", run });
  if (address.kind === "unknown" || address.kind === "starting")
    throw new NothingRunsError(address.problem, address.kind);
  if (address.kind === "running") {
    const { run } = address;
    return { options: optionsOf(run), url: run.url, from: `"tars up", pid ${run.pid}`, run };
  }
  const connection = connectionOf(examined.reading, "tars-cli");
  if (!connection.ok) throw new ConfigurationError(connection.problems);
  const known = withoutCredentials(examined.reading.values.url);
  const from = examined.reading.origins.url.name;
  return { options: asVisitor(connection.options), url: known, from, run: run?.url === known ? run : undefined };
}

/** What `tars up` wrote down is enough to log in. */
function optionsOf({ url, username, password, broker }: RunFile): ConnectOptions {
  return {
    url,
    source: SOURCE,
    ...(username !== undefined && { credentials: { username, ...(password !== undefined && { password }) } }),
    // The embedded broker refuses MQTT 5: asking costs a connection.
    ...(broker.kind === "aedes" && { protocol: "3.1.1" as const }),
  };
}

const SOURCE = "tars-cli";

/** A command is no service: it leaves no session, heartbeat or dead letters behind, and opens the control link on use. */
export function asVisitor(options: ConnectOptions): ConnectOptions {
  const { clientId: _id, heartbeat: _heartbeat, deadLetters: _dead, presence: _presence, ...visitor } = options;
  return { ...visitor, source: SOURCE, cleanStart: true, control: false };
}

/** Connects, lets `use` work with the client, and closes it, whatever happened. */
export async function withClient<Result>(
  context: Context,
  options: CommonOptions,
  use: (client: Client, route: Route) => Promise<Result>,
): Promise<Result> {
  const route = findRoute(context, options);
  await using client = connect(route.options);
  await arrive(client, { ...route, stop: context.stop });
  return await use(client, route);
}

/** Whose broker is asked, and until when. */
export interface Arrival extends Pick<Route, "url" | "from"> {
  readonly stop: AbortSignal;
}

/** Connects once, and goes again. @throws {NothingRunsError} when the broker does not let us in. */
export async function checkAnswers(options: ConnectOptions, arrival: Arrival): Promise<void> {
  await using client = connect(options);
  await arrive(client, arrival);
}

async function arrive(client: Client, { url, from, stop }: Arrival): Promise<void> {
  const limit = AbortSignal.timeout(CONNECT_LIMIT_MS);
  try {
    await client.ready({ signal: AbortSignal.any([stop, limit]) });
  } catch (error) {
    if (stop.aborted) throw stop.reason;
    const why = limit.aborted ? lastTrouble(client) : error instanceof Error ? error.message : String(error);
    throw new NothingRunsError(`The broker at ${url} (${from}) cannot be used: ${why}`, "unreachable", {
      cause: error,
    });
  }
}

function lastTrouble({ state }: Client): string {
  return state.kind === "down"
    ? `${firstCauseOf(state.error)}. Is it running?`
    : `it did not answer within ${CONNECT_LIMIT_MS / 1_000} s.`;
}

/** What the system said, without the sentences that the layers above put around it. */
function firstCauseOf({ message, cause }: Error): string {
  return cause instanceof Error ? firstCauseOf(cause) : message;
}
