/** Directories for what survives a client, and programs that publish durable messages or die of what they hear. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { type Recorder, recorder, within } from "@ts-tars/harness";

/** A directory for clients' states, removed with its content. */
export function stateFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "mqtt-state-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** How many messages a closed outbox holds. */
export function storedCount(directory: string): unknown {
  using database = new DatabaseSync(join(directory, "outbox.db"));
  return database.prepare("SELECT count(*) AS count FROM messages").get()?.["count"];
}

/** A program that runs, and the lines it prints. */
export interface Program extends AsyncDisposable {
  readonly lines: Recorder<string>;
  readonly pid: number;
  /** One line to its standard input. */
  tell(line: string): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Its exit code or signal. */
  readonly exited: Promise<number | string>;
}

/** Starts one of the `*.fixture.ts` beside this file; `before` is put in front of the command. */
export function startProgram(
  name: "durable-publisher" | "mortal-subscriber",
  args: readonly string[],
  before: readonly string[] = [],
): Program {
  const file = fileURLToPath(new URL(`./${name}.fixture.ts`, import.meta.url));
  const [command = "", ...rest] = [...before, process.execPath, "--conditions=ts-tars-source", file, ...args];
  const child = spawn(command, rest, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = recorder<string>();
  let begun = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const parts = `${begun}${text}`.split("\n");
    begun = parts.pop() ?? "";
    for (const part of parts) lines.push(part);
  });
  // A program that was killed does not read any more.
  child.stdin.on("error", () => undefined);
  const exited = once(child, "close").then(([code, signal]): number | string => code ?? signal);
  return {
    ...{ lines, exited, pid: child.pid ?? 0 },
    tell: (line) => void child.stdin.write(`${line}\n`),
    kill: () => kill(child, exited),
    [Symbol.asyncDispose]: () => kill(child, exited),
  };
}

async function kill(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill("SIGKILL");
  await within(10_000, exited);
}
