import { totalmem } from "node:os";
import { join } from "node:path";
import { type Client, connect } from "@ts-tars/mqtt";
import { ConfigurationError, ENDED_WITH_ERROR, loadConfigFile, readSettings, type Settings } from "@ts-tars/service";
import { allDefinitions } from "../config/all-definitions.ts";
import { viewSettings } from "../config/settings-view.ts";
import { type CommonOptions, type Context, sayJson, sayLine } from "../context.ts";
import { AlreadyRunsError, NoAnswerError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { RunFile } from "../run-file.ts";
import {
  claimRunFile,
  incarnationOf,
  removeRunFile,
  runFilePath,
  stateDirectory,
  writeRunFile,
} from "../run-file-store.ts";
import { SERVICES, type ServiceEntry } from "../services.ts";
import { childEnvironment, droppedVariables, metricsPort, metricsPortProblem } from "../up/child-environment.ts";
import { childRunner } from "../up/child-runner.ts";
import { inProcessRunner } from "../up/in-process-runner.ts";
import { LogFile } from "../up/log-file.ts";
import { type OpenedBroker, openBroker } from "../up/open-broker.ts";
import { Robot } from "../up/robot.ts";
import type { Runner } from "../up/runner.ts";
import { shownLine } from "../up/shown-line.ts";
import { changeInWords, renderStatus, type StatusRow } from "../up/status-lines.ts";
import { tarsConfig } from "../up/tars-config.ts";
import { setPrivacy } from "./mic.ts";

/** Options of `tars up`. */
export interface UpOptions extends CommonOptions {
  readonly inProcess?: boolean;
  /** The first of the ports at which the services show their figures. */
  readonly metrics?: number;
  /** The microphones may be opened from now on. */
  readonly mic?: boolean;
  /** Names of services that somebody else runs. */
  readonly without?: readonly string[];
}

/** Below this, services in processes of their own would not fit beside a speech engine. */
const SMALL_MEMORY_BYTES = 2 * 1024 ** 3;

/** Starts the whole robot, says what runs where, and keeps it running until it is told to stop. */
export async function up(context: Context, options: UpOptions): Promise<ExitCode> {
  const settings = readSettings(
    { name: "up", config: tarsConfig },
    { argv: flagsOf(options), env: context.env, readText: context.readText },
  );
  const noRoom = metricsPortProblem(settings.metrics.values.port, SERVICES.length);
  if (noRoom !== undefined) throw new ConfigurationError([noRoom]);
  const path = runFilePath(context.env);
  const draft = runFileOf(context);
  const other = claimRunFile(path, draft, context.isAlive);
  if (other !== undefined) throw new AlreadyRunsError(other);
  try {
    for (const warning of await warningsOf(context, settings)) tell(context, options, warning);
    const directory = stateDirectory(context.env);
    const say = (line: string): void => tell(context, options, line);
    const isByHand = ({ name }: ServiceEntry): boolean => options.without?.includes(name) === true;
    const started = SERVICES.filter((entry) => !isByHand(entry));
    const byHand = SERVICES.filter(isByHand);
    const broker = await openBroker({ settings, directory, say, stop: context.stop, started, byHand });
    try {
      await live({ context, options, settings, broker, path, directory, entries: started });
    } finally {
      await broker.stop();
    }
    tell(context, options, "stopped");
    return EXIT.ok;
  } finally {
    removeRunFile(path, context.pid);
  }
}

interface Life {
  readonly context: Context;
  readonly options: UpOptions;
  readonly settings: Settings<typeof tarsConfig.fields>;
  readonly broker: OpenedBroker;
  /** Of the run file. */
  readonly path: string;
  /** For logs and the broker's store. */
  readonly directory: string;
  readonly entries: readonly ServiceEntry[];
}

async function live(life: Life): Promise<void> {
  const { context, options, settings, broker, entries } = life;
  const logs = new Map(entries.map(({ name }) => [name, new LogFile(join(life.directory, "logs", `${name}.log`))]));
  const onLine = (entry: ServiceEntry, line: string): void => {
    logs.get(entry.name)?.write(`${line}\n`);
    const shown = shownLine(line, ENDED_WITH_ERROR);
    if (shown !== undefined) context.err(`${entry.name}: ${shown}\n`);
  };
  await using client = connect(broker.options);
  let isAnnounced = false;
  const writeDown = (): void => writeRunFile(life.path, runFileOf(context, broker, robot.rows));
  const robot: Robot = new Robot({
    entries,
    runner: runnerFor(life, onLine),
    client,
    onChange: (row) => {
      writeDown();
      if (row.state.kind === "down") logs.get(row.name)?.write(`left down: ${row.state.cause}\n`);
      // Until the table is printed, only what it will not show.
      if (isAnnounced || row.state.kind === "waiting") announce(context, options, row);
    },
  });
  broker.onRestart(writeDown);
  robot.start();
  await robot.settled(
    AbortSignal.any([context.stop, AbortSignal.timeout(settings.service.values.readyTimeoutSec * 1_000)]),
  );
  isAnnounced = true;
  if (options.mic === true) await allowMicrophones(life, client);
  if (!context.stop.aborted) greet(life, robot.rows);
  await stopped(context.stop);
  tell(context, options, "stopping");
  await robot.stop();
  for (const log of logs.values()) log.close();
}

/** A person's word at the command line; stt-worker keeps it. */
async function allowMicrophones({ context, options }: Life, client: Client): Promise<void> {
  try {
    await setPrivacy(client, { privacy: false, reason: "tars up --mic", stop: context.stop });
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    tell(context, options, `The microphone stays closed: ${error.message}`);
  }
}

/** Of the settings of all services: each of them warns in its own log only. */
async function warningsOf(context: Context, settings: Life["settings"]): Promise<ReadonlySet<string>> {
  const { file } = loadConfigFile(context.env);
  const { warnings } = viewSettings(await allDefinitions(), { env: context.env, readText: context.readText, file });
  return new Set([...settings.warnings, ...warnings, ...droppedVariables(context.env).map(notHandedOn)]);
}

function runnerFor(life: Life, onLine: (entry: ServiceEntry, line: string) => void): Runner {
  const { context, settings, broker } = life;
  const { stateDir = join(life.directory, "mqtt") } = settings.mqtt.values;
  const { port } = settings.metrics.values;
  const env = (entry: ServiceEntry) => {
    const own = { MQTT_STATE_DIR: stateDir, METRICS_PORT: metricsPort(port, SERVICES.indexOf(entry)) };
    return childEnvironment({ ...context.env, ...own }, broker.access, entry.name);
  };
  if (!isInProcess(settings)) return childRunner({ env, onLine });
  return inProcessRunner({ env, logLevel: settings.log.values.level, readText: context.readText, onLine });
}

function isInProcess({ service }: Life["settings"]): boolean {
  // A container's limit; 0 or a huge number where there is none.
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return service.values.inProcess ?? Math.min(totalmem(), limit) < SMALL_MEMORY_BYTES;
}

function flagsOf({ inProcess, url, metrics }: UpOptions): readonly string[] {
  return [
    ...(inProcess === true ? ["--in-process"] : []),
    ...(url === undefined ? [] : [`--mqtt-url=${url}`]),
    ...(metrics === undefined ? [] : [`--metrics-port=${metrics}`]),
  ];
}

/** Before the broker is there, its URL is empty: the robot is starting. */
function runFileOf(context: Context, broker?: OpenedBroker, rows: readonly StatusRow[] = []): RunFile {
  const url = broker?.access.url ?? "";
  const { hostname = "", port = "" } = URL.parse(url) ?? {};
  return {
    pid: context.pid,
    incarnation: incarnationOf(context.pid),
    started_at: Math.round(Date.now() / 1_000),
    url,
    host: hostname,
    port: Number(port),
    username: broker?.access.username,
    password: broker?.access.password,
    broker: { kind: broker?.access.kind ?? "", pid: broker?.pid() },
    services: Object.fromEntries(rows.flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, pid]]))),
  };
}

/** The table, and the line that scripts wait for. */
function greet({ context, options, broker, directory }: Life, rows: readonly StatusRow[]): void {
  const { kind, url } = broker.access;
  const missing = rows.filter(({ state }) => state.kind !== "running").map(({ name }) => name);
  const line = missing.length === 0 ? "ready" : `not ready: ${missing.join(", ")}`;
  if (options.json === true) {
    sayJson(context, { event: line, broker: { kind, url, pid: broker.pid() }, services: rows.map(jsonOf) });
    return;
  }
  sayLine(context, renderStatus({ kind, url, pid: broker.pid() }, rows));
  const hint = missing.length === 0 ? 'Ask with: npx tars ask "what time is it"' : `Logs are in ${directory}/logs`;
  sayLine(context, `\n${hint}   Stop with: Ctrl-C`);
  if (rows.some(({ health }) => health?.detail["privacy"] === true)) {
    sayLine(context, "The microphone is closed until you say so: npx tars mic on");
  }
  sayLine(context, line);
}

function announce(context: Context, options: UpOptions, row: StatusRow): void {
  const words = changeInWords(row);
  if (options.json === true) sayJson(context, { event: "service", ...jsonOf(row) });
  else if (words !== undefined) sayLine(context, words);
}

const jsonOf = ({ name, state, pid, health }: StatusRow): object => ({
  service: name,
  state: state.kind,
  pid,
  ...("cause" in state && { cause: state.cause }),
  degraded: health?.degraded ?? [],
  metrics: health?.detail["metrics"],
});

function tell(context: Context, options: UpOptions, line: string): void {
  if (options.json === true) sayJson(context, { event: "note", note: line });
  else sayLine(context, line);
}

const notHandedOn = (variable: string): string => `${variable} is for one client and is not given to the services.`;

function stopped(stop: AbortSignal): Promise<void> {
  if (stop.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    stop.addEventListener("abort", () => resolve(), { once: true });
  });
}
