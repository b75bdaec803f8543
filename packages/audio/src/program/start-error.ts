/** Why a program could not be started, in words. Pure. */
import { ProgramError } from "../errors.ts";
import { installationOf } from "./installation.ts";

/** The error of a start as a `ProgramError`; one that is no system error is given back as it is. */
export function startError(program: string, error: unknown): unknown {
  switch (codeOf(error)) {
    case "ENOENT":
      return new ProgramError(`There is no program "${program}" on this machine.`, {
        program,
        reason: "not_found",
        remedy: installationOf(program),
        cause: error,
      });
    case "EACCES":
      return new ProgramError(`"${program}" is there, but may not be run.`, {
        program,
        reason: "not_executable",
        remedy: `Make it executable (chmod +x), or choose another program in the settings.`,
        cause: error,
      });
    case undefined:
      return error;
    default:
      return new ProgramError(`"${program}" could not be started: ${error instanceof Error ? error.message : error}`, {
        program,
        reason: "failed",
        remedy: "Look at the memory and the number of processes of this machine; it is tried again.",
        cause: error,
      });
  }
}

function codeOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  // Node's own codes are of misuse, the system's are of the machine.
  return typeof code === "string" && !code.startsWith("ERR_") ? code : undefined;
}
