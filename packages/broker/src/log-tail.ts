import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** The last lines of a log, and a way to wait for one. */
export interface LogTail {
  /** Oldest first. */
  readonly lines: readonly string[];
  /** Resolves at the first line, kept or yet to come, that matches. @throws the signal's reason on abort. */
  waitFor(pattern: RegExp, signal: AbortSignal): Promise<void>;
}

/** Keeps the last `keep` lines of `stream`. */
export function tailLog(stream: Readable, keep: number): LogTail {
  const lines: string[] = [];
  const reader = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  reader.on("line", (line) => {
    lines.push(line);
    if (lines.length > keep) lines.shift();
  });
  return {
    lines,
    waitFor: async (pattern, signal) => {
      while (!lines.some((line) => pattern.test(line))) await once(reader, "line", { signal });
    },
  };
}
