/**
 * Global set-up: after the last test no process that a test started may be alive.
 *
 * Every process started below this one inherits a mark in its environment, which stays readable after its parent died.
 * Only processes with the mark of this very run are looked at, and those left over are ended after they were reported.
 * Every lane sets it up before the first test of any; the last mark is the one that tests inherit. A Vitest started by a test
 * (canaries) makes a mark of its own.
 * Linux only, where /proc shows environments.
 */
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

const MARK = "TS_TARS_TEST_RUN";

/** A process of the run. */
export interface Running {
  readonly pid: number;
  readonly command: string;
}

/** Vitest calls it before the first test, and what it returns after the last one. */
export function setup(): (() => void) | undefined {
  if (process.platform !== "linux") return undefined;
  const run = randomUUID();
  process.env[MARK] = run;
  return () => {
    const leaked = processesOf(run).filter(({ command }) => !isVitest(command));
    if (leaked.length === 0) return;
    for (const { pid } of leaked) kill(pid);
    throw new Error(
      `Tests left ${leaked.length} process(es) behind; stop them in the test that started them, ` +
        `for example with \`await using\`:\n${leaked.map(({ pid, command }) => `  ${pid}  ${command}`).join("\n")}`,
    );
  };
}

/** Every live process that carries the mark of `run`, except this one. */
export function processesOf(run: string): readonly Running[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => readProc(pid, "environ").split("\0").includes(`${MARK}=${run}`))
    .map((pid) => ({ pid: Number(pid), command: readProc(pid, "cmdline").replaceAll("\0", " ").trim() }));
}

/** Vitest's own workers and its watchdog end after the global teardown. */
function isVitest(command: string): boolean {
  return /^vitest-|node_modules\/(vitest|@vitest)\//.test(command);
}

/** Empty when the process is gone or belongs to somebody else. */
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone by itself meanwhile.
  }
}
