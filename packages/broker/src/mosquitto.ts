import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { renderMosquittoAcl } from "./access-rules.ts";
import type { Broker, BrokerExit, BrokerUser } from "./broker.ts";
import { BrokerNotInstalledError, BrokerStartError } from "./errors.ts";
import { type LogTail, tailLog } from "./log-tail.ts";
import { type MosquittoTls, renderMosquittoConfig } from "./mosquitto-config.ts";
import { explainExit, noWebsockets } from "./mosquitto-exit.ts";
import { findMosquitto, versionOf } from "./mosquitto-program.ts";
import { guardedCommand } from "./parent-guard.ts";
import { writePasswordFile } from "./password-file.ts";
import { accepts, findFreePort, reacts } from "./port.ts";
import { writePrivateFile } from "./private-file.ts";

/** Enough for the reason of a failure, small enough for an error message. */
const KEPT_LOG_LINES = 20;
/** Writing the largest store took well under a second. */
const STOP_GRACE_MS = 5_000;
/** Two processes may draw the same free port; each try draws another. */
const PORT_TRIES = 5;

/** How a Mosquitto is started. */
export interface MosquittoOptions {
  /** The program; default: found on the PATH or where its packages put it. */
  readonly program?: string;
  /** Where its files live; default: a temporary directory, removed at the end. */
  readonly directory?: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Keep sessions, queued and retained messages in `directory`. Default false. */
  readonly persistence?: boolean;
  /** With `persistence`: seconds between two savings. Default: after each change, which costs a write of the whole store. */
  readonly saveEverySec?: number;
  /** Who may connect; default: anyone who reaches the listener. When one of them has rights, an access list is written. */
  readonly users?: readonly BrokerUser[];
  readonly tls?: MosquittoTls;
  /** An access list of one's own, instead of the users' rights. */
  readonly aclFile?: string;
  /** A second listener that speaks WebSocket; `"free"` takes a free port. Some builds have none: `BrokerStartError`. */
  readonly websocketPort?: number | "free";
  /** QoS 1 messages a client may have unacknowledged, default 200. */
  readonly maxInflightMessages?: number;
  /** Messages kept for a client beyond these, default 5 000. */
  readonly maxQueuedMessages?: number;
  /** Further lines of the configuration file. */
  readonly extraConfig?: readonly string[];
  /** Default 10 000 ms. */
  readonly startTimeoutMs?: number;
}

/** A Mosquitto in a process of its own. */
export interface MosquittoBroker extends Broker {
  readonly kind: "mosquitto";
  readonly pid: number;
  /** Such as `2.0.11`. */
  readonly version: string;
  /** Holds `mosquitto.conf`, the password file, the access list and the store. */
  readonly directory: string;
}

/**
 * Starts a Mosquitto and resolves when it accepts connections.
 *
 * @throws {BrokerNotInstalledError} when there is no such program.
 * @throws {BrokerStartError} when it ends or stays silent; the message holds its last log lines and what to do.
 */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<MosquittoBroker> {
  const program = await locate(options.program);
  const directory = await openDirectory(options.directory);
  try {
    return await startOnSomePort({ ...options, program, directory });
  } catch (error) {
    await directory.release();
    throw error;
  }
}

interface Program {
  readonly path: string;
  readonly version: string;
}

interface Directory {
  readonly path: string;
  release(): Promise<void>;
}

type Plan = Omit<MosquittoOptions, "program" | "directory"> & {
  readonly program: Program;
  readonly directory: Directory;
};

interface Ports {
  readonly host: string;
  readonly port: number;
  readonly websocketPort: number | undefined;
}

async function locate(path: string | undefined): Promise<Program> {
  if (path === undefined) {
    const found = await findMosquitto();
    if (found === undefined) throw new BrokerNotInstalledError("mosquitto");
    return found;
  }
  const version = await versionOf(path);
  if (version === undefined) throw new BrokerNotInstalledError(path);
  return { path, version };
}

async function openDirectory(given: string | undefined): Promise<Directory> {
  if (given !== undefined) {
    await mkdir(given, { recursive: true });
    return { path: resolve(given), release: async () => undefined };
  }
  const path = await mkdtemp(join(tmpdir(), "ts-tars-broker-"));
  return { path, release: () => rm(path, { recursive: true, force: true }) };
}

async function startOnSomePort(plan: Plan): Promise<MosquittoBroker> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(plan, await drawPorts(plan));
    } catch (error) {
      const mayDrawAgain = plan.port === undefined && attempt < PORT_TRIES;
      if (!(error instanceof BrokerStartError && error.reason === "port_in_use" && mayDrawAgain)) throw error;
    }
  }
}

async function drawPorts({ host = "127.0.0.1", port, websocketPort }: Plan): Promise<Ports> {
  return {
    host,
    port: port ?? (await findFreePort(host)),
    websocketPort: websocketPort === "free" ? await findFreePort(host) : websocketPort,
  };
}

async function startOnce(plan: Plan, ports: Ports): Promise<MosquittoBroker> {
  const configFile = await writeConfig(plan, ports);
  const running = await launch(plan.program.path, configFile, ports);
  try {
    await running.accepting(plan.startTimeoutMs ?? 10_000);
  } catch (error) {
    await running.end("SIGKILL");
    throw error;
  }
  const scheme = plan.tls === undefined ? "" : "s";
  const { host, port, websocketPort } = ports;
  const exited = running.exited.then(async (exit) => {
    await plan.directory.release();
    return exit;
  });
  return {
    kind: "mosquitto",
    url: `mqtt${scheme}://${host}:${port}`,
    websocketUrl: websocketPort === undefined ? undefined : `ws${scheme}://${host}:${websocketPort}/mqtt`,
    host,
    port,
    websocketPort,
    pid: running.pid,
    version: plan.program.version,
    directory: plan.directory.path,
    exited,
    stop: () => running.end("SIGTERM").then(() => exited),
    kill: () => running.end("SIGKILL").then(() => exited),
  };
}

async function writeConfig(plan: Plan, ports: Ports): Promise<string> {
  const directory = plan.directory.path;
  const passwordFile = plan.users === undefined ? undefined : join(directory, "passwords");
  if (passwordFile !== undefined) await writePasswordFile(passwordFile, plan.users ?? []);
  const aclFile = await writeAccessList(plan);
  const file = join(directory, "mosquitto.conf");
  const text = renderMosquittoConfig({
    ...ports,
    tls: plan.tls,
    passwordFile,
    aclFile,
    persistenceDirectory: plan.persistence === true ? directory : undefined,
    saveEverySec: plan.saveEverySec,
    keepRoot: process.getuid?.() === 0,
    maxInflightMessages: plan.maxInflightMessages ?? 200,
    maxQueuedMessages: plan.maxQueuedMessages ?? 5_000,
    extraLines: plan.extraConfig ?? [],
  });
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

/** Where the users' rights stand; with none of them, the file that was given, or nothing. */
async function writeAccessList({ users = [], aclFile, directory }: Plan): Promise<string | undefined> {
  if (users.every(({ rights }) => rights === undefined)) return aclFile;
  if (aclFile !== undefined) throw new TypeError("Give either an access list or users with rights, not both.");
  const file = join(directory.path, "acl");
  await writePrivateFile(file, renderMosquittoAcl(users));
  return file;
}

interface Running {
  readonly pid: number;
  readonly exited: Promise<BrokerExit>;
  accepting(timeoutMs: number): Promise<void>;
  end(signal: "SIGTERM" | "SIGKILL"): Promise<BrokerExit>;
}

/** One process from spawn to exit. */
async function launch(program: string, configFile: string, ports: Ports): Promise<Running> {
  const [command, ...args] = await guardedCommand(program);
  // A process group of its own: a Ctrl-C in the terminal is for us to hear, and the broker ends after its clients.
  const child = spawn(command, [...args, "-c", configFile], { stdio: ["ignore", "ignore", "pipe"], detached: true });
  let requested = false;
  const tail = tailLog(child.stderr, KEPT_LOG_LINES);
  const exited = exitOf(child).then((exit) => ({ ...exit, requested, lastLines: [...tail.lines] }));
  const pid = await pidOf(child, program);
  return {
    pid,
    exited,
    accepting: (timeoutMs) => becomeReady({ tail, exited, ports, timeoutMs }),
    end: async (signal) => {
      requested = true;
      child.kill(signal);
      // A broker that hangs, or is stopped by a debugger, does not hold up whoever ends it.
      const lastResort = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE_MS);
      const exit = await exited;
      clearTimeout(lastResort);
      return exit;
    },
  };
}

/** Resolves after the last line of the log was read. */
function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

function pidOf(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(new BrokerNotInstalledError(program, { cause })));
    child.once("spawn", () => {
      if (child.pid !== undefined) resolve(child.pid);
    });
  });
}

interface Start {
  readonly tail: LogTail;
  readonly exited: Promise<BrokerExit>;
  readonly ports: Ports;
  readonly timeoutMs: number;
}

/** Its own announcement first: a stranger on the same port would accept connections too. */
async function becomeReady({ tail, exited, ports, timeoutMs }: Start): Promise<void> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  const ready = tail
    .waitFor(/mosquitto version \S+ running/, deadline.signal)
    .then(() => requireListeners(ports, { lastLines: tail.lines, signal: deadline.signal }));
  try {
    const exit = await Promise.race([ready, exited]);
    if (exit !== undefined) throw explainExit(exit, ports);
  } catch (error) {
    if (!deadline.signal.aborted) throw error;
    throw new BrokerStartError("timeout", `Mosquitto did not start within ${timeoutMs} ms.`, { lastLines: tail.lines });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Mosquitto runs on when only one of its listeners could be opened. And it must have begun its main loop: a SIGTERM
 * between its announcement and that is lost for good.
 */
async function requireListeners({ host, port, websocketPort }: Ports, { lastLines, signal }: Probe): Promise<void> {
  if (!(await reacts(host, port, signal))) {
    signal.throwIfAborted();
    throw new BrokerStartError("exited", `Mosquitto runs but refuses connections on ${host}:${port}.`, { lastLines });
  }
  if (websocketPort !== undefined && !(await accepts(host, websocketPort))) throw noWebsockets(lastLines);
}

interface Probe {
  readonly lastLines: readonly string[];
  readonly signal: AbortSignal;
}
