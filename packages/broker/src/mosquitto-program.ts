import { execFile } from "node:child_process";

/** Debian keeps daemons out of a user's PATH; Homebrew has two homes. */
const OUTSIDE_OF_PATH = ["/usr/sbin/", "/usr/local/sbin/", "/opt/homebrew/sbin/", "/opt/homebrew/bin/"];

/** A program that was found, and what it says of itself. */
export interface MosquittoProgram {
  readonly path: string;
  /** Such as `2.0.11`; before 2.0.13 it overruns a client's Receive Maximum. */
  readonly version: string;
}

/** The Mosquitto of this machine: on the PATH or where its packages put it. Undefined when there is none. */
export async function findMosquitto(): Promise<MosquittoProgram | undefined> {
  for (const folder of ["", ...OUTSIDE_OF_PATH]) {
    const version = await versionOf(`${folder}mosquitto`);
    if (version !== undefined) return { path: `${folder}mosquitto`, version };
  }
  return undefined;
}

/** Undefined when there is no such program or it is no Mosquitto. */
export function versionOf(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    // The help text ends with exit code 3, so only the text tells.
    execFile(path, ["-h"], { timeout: 5_000 }, (_error, stdout) => {
      resolve(/mosquitto version (\S+)/.exec(stdout)?.[1]);
    });
  });
}
