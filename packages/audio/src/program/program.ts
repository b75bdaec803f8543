import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { whenAborted } from "@ts-tars/service";
import { LastLines } from "./last-lines.ts";
import { adoptGroup, forgetGroup, killGroup } from "./process-groups.ts";
import { startError } from "./start-error.ts";

/** Enough for the reason of a failure, small enough for an error message. */
const KEPT_LINES = 20;
/** What left the group and kept our pipe, or hangs in a driver, is not waited for longer. */
const END_GRACE_MS = 2_000;

/** What is run, and for whom. */
export interface ProgramOptions {
  /** The program and its arguments; no shell reads them. */
  readonly command: readonly [string, ...string[]];
  /** The owner's: when it aborts, the whole process group is killed at once. */
  readonly signal: AbortSignal;
  /** Which ends we hold; the others are /dev/null. Whoever holds `stdout` reads it. */
  readonly pipes: readonly ("stdin" | "stdout")[];
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Hears each line of its standard error as it ends. */
  readonly onErrorLine?: (line: string) => void;
}

/** How a program ended. `killed` means by us; `signalled` by somebody else, or by a fault of its own. */
export type ProgramEnd =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "signalled"; readonly signal: string }
  | { readonly kind: "killed" };

/** A running program with all its children. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /**
   * What it writes, read once; what is not read holds the program up, at most 64 KiB wait here. Ends when the program closes it
   * or is killed: `ended` says which. Leaving it early closes the pipe.
   */
  readonly stdout: AsyncIterable<Buffer>;
  /** The last lines of its standard error, oldest first. */
  readonly lastLines: readonly string[];
  /** Resolves when it has ended and its last words are read; never rejects. */
  readonly ended: Promise<ProgramEnd>;
  /** Resolves when the system has taken the bytes: true. False: it reads no more; `ended` will say why. */
  write(bytes: Uint8Array): Promise<boolean>;
  /** Nothing more will be written. */
  closeInput(): void;
  /** SIGKILL for the whole group, at once. Idempotent. */
  kill(): void;
}

/**
 * Starts a program as a process group of its own, which ends with its signal and with this process. When the program itself ends,
 * whatever it left in its group is killed.
 *
 * @throws {ProgramError} when it is not installed or may not be run; the remedy says how to get it.
 * @throws the signal's reason when it is aborted already.
 */
export async function startProgram({ command, signal, pipes, env, onErrorLine }: ProgramOptions): Promise<Program> {
  signal.throwIfAborted();
  const [name, ...args] = command;
  try {
    const child = spawn(name, args, {
      stdio: [pipes.includes("stdin") ? "pipe" : "ignore", pipes.includes("stdout") ? "pipe" : "ignore", "pipe"],
      detached: true,
      env: { ...process.env, ...env },
    });
    // A pipe breaks when the program ends; its end is what is told.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.on("error", () => undefined);
    await once(child, "spawn");
    return new RunningProgram(child, signal, new LastLines(KEPT_LINES, onErrorLine));
  } catch (error) {
    throw startError(name, error);
  }
}

class RunningProgram implements Program {
  readonly pid: number;
  readonly stdout: AsyncIterable<Buffer>;
  readonly ended: Promise<ProgramEnd>;
  readonly #child: ChildProcess;
  readonly #lines: LastLines;
  readonly #killed = Promise.withResolvers<void>();
  #life: "running" | "killed" | "over" = "running";

  constructor(child: ChildProcess, signal: AbortSignal, lines: LastLines) {
    this.#child = child;
    this.#lines = lines;
    this.pid = child.pid ?? 0; // `spawn` was emitted, so it has one
    adoptGroup(this.pid);
    child.stderr?.setEncoding("utf8").on("data", (piece: string) => this.#lines.push(piece));
    this.stdout = chunksOf(child.stdout);
    this.ended = this.#end();
    const aborting = whenAborted(signal, () => this.kill());
    // `ended` never rejects.
    void this.ended.then(() => aborting[Symbol.dispose]());
  }

  get lastLines(): readonly string[] {
    return this.#lines.lines;
  }

  write(bytes: Uint8Array): Promise<boolean> {
    const { stdin } = this.#child;
    if (stdin === null) throw new TypeError("This program was started without `stdin` among its pipes.");
    if (!stdin.writable) return Promise.resolve(false);
    return new Promise((resolve) => {
      stdin.write(bytes, (error) => resolve(error === null || error === undefined));
    });
  }

  closeInput(): void {
    this.#child.stdin?.end();
  }

  kill(): void {
    if (this.#life !== "running") return;
    this.#life = "killed";
    killGroup(this.pid);
    // Nobody wants the rest, and whoever reads or writes must not wait for a process that hangs in a driver.
    this.#child.stdin?.destroy();
    this.#child.stdout?.destroy();
    this.#killed.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.ended;
  }

  async #end(): Promise<ProgramEnd> {
    const exited = exitOf(this.#child);
    const stderrRead = closed(this.#child.stderr);
    const exit = await Promise.race([exited, this.#killed.promise.then(() => inTime(exited))]);
    const wasKilled = this.#life === "killed";
    this.#life = "over";
    forgetGroup(this.pid);
    await inTime(stderrRead);
    this.#child.stderr?.destroy();
    this.#child.unref();
    return wasKilled || exit === undefined ? { kind: "killed" } : exit;
  }
}

async function* chunksOf(stream: Readable | null): AsyncGenerator<Buffer, void, undefined> {
  if (stream === null) return;
  try {
    yield* stream;
  } catch {
    // Killed in the middle of reading: how the program ended is told by `ended`.
  }
}

function exitOf(child: ChildProcess): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      resolve(signal === null ? { kind: "exited", code: code ?? 0 } : { kind: "signalled", signal });
    });
  });
}

function closed(stream: Readable | null): Promise<void> {
  return new Promise((resolve) => {
    if (stream === null || stream.closed) resolve();
    else stream.once("close", () => resolve());
  });
}

/** The promise's value, or undefined when it takes longer than anything that can be waited for. */
async function inTime<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), END_GRACE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
