import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stateFolder } from "@ts-tars/service";
import { parseRunFile, type RunFile, renderRunFile } from "./run-file.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where this account keeps what belongs to a running robot: `$XDG_RUNTIME_DIR/ts-tars`, else the state directory. */
export function runFilePath(env: Environment): string {
  const runtime = env["XDG_RUNTIME_DIR"]?.trim();
  return join(runtime ? join(runtime, "ts-tars") : stateDirectory(env), "run.json");
}

/** Where this account keeps what outlives a run: `$XDG_STATE_HOME/ts-tars`, else `~/.local/state/ts-tars`. */
export function stateDirectory(env: Environment): string {
  return stateFolder({ stateDir: undefined, stateHome: env["XDG_STATE_HOME"]?.trim() || undefined });
}

/** Reads the run file; undefined when there is none, or its process is gone. */
export function readRunFile(path: string, isAlive: (pid: number) => boolean): RunFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  const run = parseRunFile(text);
  return run !== undefined && isAlive(run.pid) && incarnationOf(run.pid) === run.incarnation ? run : undefined;
}

/**
 * Writes the first run file: only one process of this account gets to. Gives the one that was there before instead.
 */
export function claimRunFile(path: string, run: RunFile, isAlive: (pid: number) => boolean): RunFile | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${run.pid}`;
  writeFileSync(draft, renderRunFile(run), { mode: 0o600 });
  try {
    // A link, unlike a rename, fails when somebody was there first.
    if (readRunFile(path, isAlive) === undefined) rmSync(path, { force: true });
    linkSync(draft, path);
    return undefined;
  } catch (error) {
    const other = readRunFile(path, isAlive);
    if (other === undefined) throw error;
    return other;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Writes the run file whole or not at all, readable by its owner only. */
export function writeRunFile(path: string, run: RunFile): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${run.pid}`;
  writeFileSync(draft, renderRunFile(run), { mode: 0o600 });
  renameSync(draft, path);
}

/** Removes the run file, unless it is another process's by now. */
export function removeRunFile(path: string, pid: number): void {
  try {
    if (parseRunFile(readFileSync(path, "utf8"))?.pid === pid) rmSync(path, { force: true });
  } catch {
    // It is gone already: that is what was wanted.
  }
}

/** When the process started, in the system's ticks; undefined where the system does not say. */
export function incarnationOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in brackets and may hold spaces; the start time is the 20th after it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
