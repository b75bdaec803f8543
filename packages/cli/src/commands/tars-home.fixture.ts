/** The `tars` command as users run it: real processes, in a home of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Recorder, recorder, within } from "@ts-tars/harness";
import type { BrokerEar } from "@ts-tars/harness/watch";
import { parseRunFile, type RunFile } from "../run-file.ts";
import { lookAtLogFiles, watchRobot } from "./watched-robot.fixture.ts";

const TARS = fileURLToPath(new URL("../../bin/tars.mjs", import.meta.url));

/** All that a command takes over from the test: programs, and what Node compiled before. */
const KEPT_VARIABLES = {
  PATH: process.env["PATH"],
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
};

/** Until a robot is ready, or a command has ended. */
export const START_MS = 40_000;

/** One command that runs, or ran. */
export interface TarsProcess {
  readonly child: ChildProcess;
  /** Of its standard output. */
  readonly lines: Recorder<string>;
  /** All that it said so far, errors last. */
  readonly said: () => string;
  /** Its exit code or signal. */
  readonly exit: () => Promise<number | string>;
}

/** A home directory, and the commands that were given there. */
export interface TarsHome extends AsyncDisposable {
  readonly path: string;
  tars(args: readonly string[], env?: Readonly<Record<string, string>>): TarsProcess;
  /** `tars up`, ready. */
  startUp(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<TarsProcess>;
  /** Runs a command to its end. */
  run(...args: readonly string[]): Promise<{
    readonly code: number | string;
    readonly said: string;
    readonly out: readonly string[];
  }>;
  /** Of the robot that runs. */
  runFile(): RunFile;
}

/** Whatever still runs there is ended with it. */
export function openTarsHome(): TarsHome {
  const path = mkdtempSync(join(tmpdir(), "tars-up-"));
  const running = new Set<ChildProcess>();
  const ears: BrokerEar[] = [];
  const tars: TarsHome["tars"] = (args, env = {}) => {
    const child = spawn(process.execPath, [TARS, ...args], {
      env: { ...KEPT_VARIABLES, HOME: path, XDG_RUNTIME_DIR: path, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    const lines = recorder<string>();
    const errors = recorder<string>();
    child.stdout.setEncoding("utf8").on("data", (text: string) => text.split("\n").filter(Boolean).forEach(lines.push));
    child.stderr
      .setEncoding("utf8")
      .on("data", (text: string) => text.split("\n").filter(Boolean).forEach(errors.push));
    const exited = once(child, "close").then(([code, signal]) => {
      running.delete(child);
      return (code ?? signal) as number | string; // Node gives one of the two
    });
    const said = (): string => [...lines.seen, ...errors.seen].join("\n");
    return { child, lines, said, exit: () => within(START_MS, exited, () => `it runs on:\n${said()}`) };
  };
  const readRunFile = (): RunFile => {
    const run = parseRunFile(readFileSync(join(path, "ts-tars", "run.json"), "utf8"));
    if (run === undefined) throw new Error("run.json cannot be read");
    return run;
  };
  return {
    path,
    tars,
    startUp: async (env, ...args) => {
      const up = tars(["up", ...args], env);
      await up.lines.until((line) => line === "ready", { deadlineMs: START_MS });
      const ear = await watchRobot(readRunFile());
      if (ear !== undefined) ears.push(ear);
      return up;
    },
    run: async (...args) => {
      const command = tars(args);
      const code = await command.exit();
      return { code, said: command.said(), out: command.lines.seen };
    },
    runFile: readRunFile,
    [Symbol.asyncDispose]: async () => {
      for (const child of running) {
        child.kill("SIGTERM");
        await within(START_MS, once(child, "exit"));
      }
      await within(START_MS, Promise.all(ears.map(({ ended }) => ended)), () => "a broker outlived its robot");
      lookAtLogFiles(path);
      rmSync(path, { recursive: true });
    },
  };
}
