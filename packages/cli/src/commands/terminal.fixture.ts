import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lookAt, type Recorder, recorder } from "@ts-tars/harness";
import { onTestFinished } from "vitest";
import type { Context } from "../context.ts";

/** The world of one command, and what it printed. */
export interface Terminal {
  readonly context: Context;
  /** Standard output without empty lines. */
  readonly lines: Recorder<string>;
  /** Standard error, the same way. */
  readonly errors: Recorder<string>;
  /** Ctrl-C. */
  readonly stop: AbortController;
  /** Everything printed, as the one JSON object that it is. */
  json(): Record<string, unknown>;
}

/** A terminal of a user with a home of their own, these variables and this on standard input, until the test ends. */
export function openTerminal(env: Readonly<Record<string, string>>, input = ""): Terminal {
  const home = mkdtempSync(join(tmpdir(), "tars-cli-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const stop = new AbortController();
  const lines = recorder<string>();
  const errors = recorder<string>();
  return {
    context: {
      env: { XDG_RUNTIME_DIR: home, XDG_CONFIG_HOME: home, ...env },
      readText: (path) => readFileSync(path, "utf8"),
      readInput: async () => input,
      stop: stop.signal,
      out: (text) => print(text, lines),
      err: (text) => print(text, errors),
      hasColour: false,
      pid: process.pid,
      isAlive: () => false,
    },
    lines,
    errors,
    stop,
    json: () => JSON.parse(lines.seen.join("")),
  };
}

function print(text: string, lines: Recorder<string>): void {
  lookAt({ kind: "line", where: "a terminal", text });
  text.split("\n").filter(Boolean).forEach(lines.push);
}
