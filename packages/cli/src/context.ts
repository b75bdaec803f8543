/** What a command may touch of the world; made once, in `main.ts`. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a file that a `…_FILE` variable names. */
  readonly readText: (path: string) => string;
  /** Standard input, to its end. */
  readonly readInput: () => Promise<string>;
  /** Aborts at Ctrl-C and SIGTERM, and when the process that started us is gone. */
  readonly stop: AbortSignal;
  /** Standard output, as it is. */
  readonly out: (text: string) => void;
  /** Standard error, as it is. */
  readonly err: (text: string) => void;
  /** Standard output is a terminal that shows colours. */
  readonly hasColour: boolean;
  readonly pid: number;
  /** Whether a process of this machine is alive. */
  readonly isAlive: (pid: number) => boolean;
}

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly url?: string;
}

/** One line on standard output. */
export function sayLine({ out }: Pick<Context, "out">, line: string): void {
  out(`${line}\n`);
}

/** One JSON value as one line on standard output. */
export function sayJson({ out }: Pick<Context, "out">, value: unknown): void {
  out(`${JSON.stringify(value)}\n`);
}
