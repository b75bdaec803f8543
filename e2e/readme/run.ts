/** Runs a program to its end. */
import { execFile } from "node:child_process";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  /** Default 300 000: an installation on a slow line. */
  readonly timeoutMs?: number;
  /** Hand the end over whatever its code. Default: only a code of 0. */
  readonly anyCode?: "allowed";
}

/** Resolves when it has ended. @throws what it printed, unless it ended with code 0 or any code is allowed. */
export function run(program: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const { cwd, timeoutMs = 300_000, anyCode } = options;
  // On Windows npm is a script of the shell.
  const how = { cwd, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024, shell: process.platform === "win32" };
  return new Promise((resolve, reject) => {
    execFile(program, [...args], how, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : error === null ? 0 : -1;
      if (code === 0 || (anyCode !== undefined && code > 0)) return resolve({ code, stdout, stderr });
      const why = error?.killed === true ? `did not end within ${timeoutMs} ms` : `ended with ${error?.code}`;
      reject(new Error(`${program} ${args.join(" ")} ${why}:\n${stdout}${stderr}`, { cause: error }));
    });
  });
}
