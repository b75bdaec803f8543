/**
 * A whole robot as a user has it: `npm start` in a checkout, in directories of its own, on loopback. The acceptance
 * scripts talk to it with the commands a user has.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { recorder, until, within } from "@ts-tars/harness";

export interface RunFile {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly broker: { readonly kind: string; readonly pid?: number };
  readonly services: Readonly<Record<string, number>>;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Robot extends AsyncDisposable {
  readonly env: NodeJS.ProcessEnv;
  /** What `npm start` printed so far. */
  readonly output: () => string;
  readonly runFile: () => Promise<RunFile>;
  /** Runs `tars …` beside it and waits for the end. */
  readonly tars: (args: readonly string[], options?: { readonly deadlineMs?: number }) => Promise<CommandResult>;
  /** Ctrl-C, and the end. Its exit code is npm's own affair. */
  readonly stop: () => Promise<void>;
}

export interface RobotOptions {
  readonly checkout: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments after `npm start --`. */
  readonly args?: readonly string[];
  readonly readyWithinMs?: number;
}

/** The environment of a user's shell: nothing of npm's, and the Node that the machine has. */
export function plainEnv(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE|TARS_|MQTT_|OPENAI_|INIT_CWD)/.test(name),
  );
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((part) => !part.includes("node_modules"));
  const extraCerts = process.env["NODE_EXTRA_CA_CERTS"];
  return {
    ...Object.fromEntries(inherited),
    ...(extraCerts !== undefined && { NODE_EXTRA_CA_CERTS: extraCerts }),
    PATH: path.join(delimiter),
    ...extra,
  };
}

/** Starts `npm start` and resolves when it has printed "ready". */
export async function startRobot({
  checkout,
  env = {},
  args = [],
  readyWithinMs = 120_000,
}: RobotOptions): Promise<Robot> {
  const home = await mkdtemp(join(tmpdir(), "ts-tars-robot-"));
  await writeFile(join(home, "config.yaml"), "");
  const robotEnv = plainEnv({
    XDG_RUNTIME_DIR: home,
    XDG_STATE_HOME: home,
    TARS_CONFIG: join(home, "config.yaml"),
    ...env,
  });
  const npmArgs = args.length === 0 ? ["start"] : ["start", "--", ...args];
  const child = spawn("npm", npmArgs, {
    cwd: checkout,
    env: robotEnv,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const lines = recorder<string>();
  const exited = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const line of text.split("\n")) lines.push(line);
    });
  }
  void exited.then(() => lines.push("(ended)"));
  const first = await lines.until((line) => /^ready\b/.test(line) || line === "(ended)", { deadlineMs: readyWithinMs });
  if (first === "(ended)") throw new Error(`npm start ended before it was ready:\n${output}`);
  return {
    env: robotEnv,
    output: () => output,
    runFile: async () => JSON.parse(await readFile(join(home, "ts-tars", "run.json"), "utf8")),
    tars: (args, options) => runTars({ checkout, env: robotEnv, args, ...options }),
    stop: () => stop(child, exited),
    [Symbol.asyncDispose]: async () => {
      await stop(child, exited);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Ctrl-C as a terminal sends it: to the whole group. */
async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
    process.kill(-child.pid, "SIGINT");
  await within(30_000, exited, () => "npm start did not end after Ctrl-C");
}

export async function runTars({
  checkout,
  env,
  args,
  deadlineMs = 60_000,
}: {
  readonly checkout: string;
  readonly env: NodeJS.ProcessEnv;
  readonly args: readonly string[];
  readonly deadlineMs?: number;
}): Promise<CommandResult> {
  const child = spawn("node", ["packages/cli/bin/tars.mjs", ...args], {
    cwd: checkout,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [code] = await within(
    deadlineMs,
    once(child, "close"),
    () => `tars ${args.join(" ")} did not end: ${stdout}${stderr}`,
  );
  return { code: typeof code === "number" ? code : -1, stdout, stderr };
}

/** Whether a process with this id lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Everything a foreign client sees on the bus, from `mosquitto_sub -t '#' -v`. */
export interface Eavesdropper extends AsyncDisposable {
  readonly seen: readonly Overheard[];
  readonly until: (predicate: (message: Overheard) => boolean, deadlineMs?: number) => Promise<Overheard>;
}

export interface Overheard {
  readonly atMs: number;
  readonly topic: string;
  readonly text: string;
  /** The envelope, when it is one. */
  readonly envelope: Readonly<Record<string, unknown>> | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Starts `mosquitto_sub` with the credentials of `run.json`. */
export async function eavesdrop(run: RunFile): Promise<Eavesdropper> {
  const login = run.username === undefined ? [] : ["-u", run.username, "-P", run.password ?? ""];
  // A topic that whoever may read `run.json` may publish to.
  const marker = `system/keepalive/eavesdrop-${process.pid}-${Math.round(performance.now())}`;
  const child = spawn("mosquitto_sub", ["-h", run.host, "-p", String(run.port), ...login, "-t", "#", "-v", "-q", "1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const heard = recorder<Overheard>(({ topic, text }) => `${topic} ${text.slice(0, 200)}`);
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) heard.push(readLine(line));
  });
  const knock = (): Promise<unknown> =>
    once(spawn("mosquitto_pub", ["-h", run.host, "-p", String(run.port), ...login, "-t", marker, "-m", "{}"]), "exit");
  await until(async () => {
    await knock();
    return heard.seen.some(({ topic }) => topic === marker);
  });
  return {
    seen: heard.seen,
    until: (predicate, deadlineMs = 30_000) => heard.until(predicate, { deadlineMs }),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

function readLine(line: string): Overheard {
  const space = line.indexOf(" ");
  const topic = space < 0 ? line : line.slice(0, space);
  const text = space < 0 ? "" : line.slice(space + 1);
  const body = parseObject(text);
  const data = asObject(body?.["data"]);
  return {
    atMs: performance.now(),
    topic,
    text,
    envelope: data === undefined ? undefined : body,
    data: data ?? body ?? {},
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
