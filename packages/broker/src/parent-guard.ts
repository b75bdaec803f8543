import { execFile } from "node:child_process";

/** What stands before a command so that the kernel ends it when its parent dies, also by SIGKILL. */
const GUARD = ["setpriv", "--pdeathsig", "TERM"] as const;

/**
 * The command that runs `program` and ends with its parent where the system can do that (Linux with util-linux), else
 * the plain one. An orphaned broker would keep its port, and write into the store that its successor uses.
 */
export async function guardedCommand(program: string): Promise<readonly [string, ...string[]]> {
  return (await canGuard()) ? [...GUARD, program] : [program];
}

function canGuard(): Promise<boolean> {
  const [command, ...args] = GUARD;
  return new Promise((resolve) => {
    execFile(command, [...args, "true"], { timeout: 2_000 }, (error) => resolve(error === null));
  });
}
