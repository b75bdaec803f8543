import { fork } from "node:child_process";
import { LastLines } from "../program/last-lines.ts";
import { adoptGroup, forgetGroup, killGroup } from "../program/process-groups.ts";
import { readProgram } from "../program/read-program.ts";
import type { FromEngine, ToEngine } from "./engine-messages.ts";

/** Enough to see what a native library complained about. */
const KEPT_LINES = 20;
/** A guard that takes longer to answer would not help anyone. */
const GUARD_LIMIT_MS = 2_000;

/** What stands before a command so that the kernel ends it when its parent dies, also by SIGKILL and in an endless native loop. */
const GUARD = ["setpriv", "--pdeathsig", "KILL"] as const;

/** Whom an engine's process tells what. */
export interface EngineListener<News> {
  readonly onMessage: (message: FromEngine<News>) => void;
  /** Once, when it has ended and its last words are read; `how` completes "it ended …". */
  readonly onEnd: (how: string) => void;
}

/** One child process, from its start to its end. */
export interface EngineProcess<Init, Order> {
  readonly lastLines: readonly string[];
  /** Resolves when it has ended. */
  readonly gone: Promise<void>;
  /** Queued towards the process. @throws a `DataCloneError` when it holds what cannot be copied. */
  send(message: ToEngine<Init, Order>): void;
  kill(): void;
}

/** The words of the guard where the system has them (Linux with util-linux), else none. */
export async function engineGuard(): Promise<readonly string[]> {
  const signal = new AbortController().signal;
  try {
    const { end } = await readProgram({ command: [...GUARD, "true"], signal, timeoutMs: GUARD_LIMIT_MS });
    return end.kind === "exited" && end.code === 0 ? GUARD : [];
  } catch {
    return [];
  }
}

/** Starts `module` in a process and a process group of its own. */
export function startEngineProcess<Init, Order, News>(
  module: URL,
  { onMessage, onEnd, guard }: EngineListener<News> & { readonly guard: readonly string[] },
): EngineProcess<Init, Order> {
  // Sources run as they are when they are sources; nothing else of our own arguments (an inspector's port) is for the child.
  const nodeArgs = module.pathname.endsWith(".ts") ? ["--conditions=ts-tars-source"] : [];
  const [execPath = process.execPath, ...execArgv] = [...guard, process.execPath, ...nodeArgs];
  const child = fork(module, { execPath, execArgv, serialization: "advanced", detached: true, stdio: [...STDIO] });
  const lines = new LastLines(KEPT_LINES);
  child.stderr?.setEncoding("utf8").on("data", (piece: string) => lines.push(piece));
  const { pid } = child;
  if (pid !== undefined) adoptGroup(pid);
  // Only our own `runEngine` holds the other end of the channel.
  child.on("message", (message) => onMessage(message as FromEngine<News>)); // the child's own words
  const { promise: gone, resolve: leave } = Promise.withResolvers<void>();
  const end = (how: string): void => {
    leave();
    onEnd(how);
  };
  child.once("error", (error) => {
    // Other errors than of the start are followed by its end.
    if (pid === undefined) end(`before it began: ${error.message}`);
  });
  child.once("exit", () => {
    if (pid !== undefined) forgetGroup(pid);
  });
  child.once("close", (code, signal) => end(signal === null ? `with exit code ${code}` : `by ${signal}`));
  return {
    get lastLines() {
      return lines.lines;
    },
    gone,
    // The error of a channel that is closing is its end, which is told.
    send: (message) => void child.send(message, () => undefined),
    kill: () => {
      if (pid !== undefined && child.exitCode === null && child.signalCode === null) killGroup(pid);
    },
  };
}

const STDIO = ["ignore", "ignore", "pipe", "ipc"] as const;
