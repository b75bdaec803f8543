/** The lines of an acceptance script: each is printed as it is decided, and one failure decides the exit code. */
export interface Checks {
  readonly check: (what: string, holds: boolean, detail?: string) => void;
  readonly failures: () => number;
}

export function openChecks(write: (line: string) => void): Checks {
  let failed = 0;
  return {
    check: (what, holds, detail = "") => {
      if (!holds) failed += 1;
      write(`${holds ? "ok    " : "FAILED"} ${what}${detail === "" ? "" : ` (${detail})`}`);
    },
    failures: () => failed,
  };
}
