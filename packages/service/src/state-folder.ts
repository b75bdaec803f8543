import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where what outlives a process is kept: the folder that was named, else `ts-tars` among the states of the user's programs.
 * Source: XDG Base Directory Specification, `$XDG_STATE_HOME`.
 */
export function stateFolder({
  stateDir,
  stateHome,
}: {
  readonly stateDir: string | undefined;
  readonly stateHome: string | undefined;
}): string {
  return stateDir ?? join(stateHome ?? join(homedir(), ".local", "state"), "ts-tars");
}
