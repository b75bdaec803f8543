import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { isFinal, readSupervisionMessage } from "@ts-tars/service";
import type { ServiceEntry } from "../services.ts";
import type { Runner, RunningService, ServiceExit } from "./runner.ts";

/** A service has 4 s to stop and 5 s to close; its own last resort is 12 s. After that it hangs. */
const KILL_AFTER_MS = 13_000;

/** What the children are given and where their words go. */
export interface ChildRunnerOptions {
  readonly env: (entry: ServiceEntry) => Readonly<Record<string, string | undefined>>;
  /** One line that a child wrote, JSON from its log or anything else. */
  readonly onLine: (entry: ServiceEntry, line: string) => void;
}

/**
 * Runs each service in a child process by its `main.ts`. The child is connected by an IPC channel: it says `ready` there,
 * and ends by itself when the channel breaks, so none outlives us even if we are killed. It has a process group of its
 * own: Ctrl-C reaches only us, and we stop the services in order.
 */
export function childRunner({ env, onLine }: ChildRunnerOptions): Runner {
  return {
    start: (entry) => {
      const child = spawn(process.execPath, ["--conditions=ts-tars-source", fileURLToPath(entry.main())], {
        env: env(entry),
        detached: true,
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      });
      for (const stream of [child.stdout, child.stderr]) {
        if (stream !== null) createInterface({ input: stream }).on("line", (line) => onLine(entry, line));
      }
      return watch(child);
    },
  };
}

function watch(child: ChildProcess): RunningService {
  const ready = Promise.withResolvers<void>();
  const exited = Promise.withResolvers<ServiceExit>();
  let problem: string | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  child.on("message", (raw) => {
    const message = readSupervisionMessage(raw);
    if (message?.type === "ready") ready.resolve();
    if (message?.type === "failed") problem = message.problem;
  });
  child.on("error", (error) => exited.resolve({ cause: error.message, isFinal: false }));
  child.on("exit", (code, signal) => {
    clearTimeout(killTimer);
    exited.resolve({ cause: problem ?? describeExit(code, signal), isFinal: isFinal(code) });
  });
  return {
    pid: child.pid,
    ready: ready.promise,
    exited: exited.promise,
    stop: () => {
      const hasExited = child.exitCode !== null || child.signalCode !== null;
      if (killTimer !== undefined || hasExited) return;
      child.kill("SIGTERM");
      killTimer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
    },
  };
}

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `ended with code ${code}` : `killed by ${signal}`;
}
