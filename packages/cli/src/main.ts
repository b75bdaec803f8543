/** The process of the `tars` command: the only file of the cli that touches environment, signals and exit codes. */
import { readFileSync } from "node:fs";
import process from "node:process";
import { text } from "node:stream/consumers";
import { AudioError, WavError } from "@ts-tars/audio";
import { BrokerError } from "@ts-tars/broker";
import { ConfigurationError } from "@ts-tars/service";
import { CommanderError } from "commander";
import type { CommonOptions, Context } from "./context.ts";
import {
  CliError,
  NoAnswerError,
  NothingRunsError,
  ServiceMissingError,
  TurnFailedError,
  UsageError,
} from "./errors.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { createProgram } from "./program.ts";

const stop = new AbortController();
const context: Context = {
  env: process.env,
  readText: (path) => readFileSync(path, "utf8"),
  readInput: () => text(process.stdin),
  stop: stop.signal,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  hasColour: process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "",
  pid: process.pid,
  isAlive,
};

watchForTheEnd();
try {
  await createProgram(context, finish).parseAsync(process.argv);
} catch (error) {
  // Commander has said what is wrong; --help and --version end here too, with 0.
  if (!(error instanceof CommanderError)) throw error;
  process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
}

async function finish(outcome: Promise<ExitCode>, options: CommonOptions): Promise<void> {
  try {
    process.exitCode = await outcome;
  } catch (error) {
    process.exitCode = stop.signal.aborted ? EXIT.interrupted : exitCodeOf(error);
    if (process.exitCode !== EXIT.interrupted) report(error, options);
  }
  process.exit();
}

function report(error: unknown, { json }: CommonOptions): void {
  const isExpected = [AudioError, CliError, ConfigurationError, BrokerError].some((kind) => error instanceof kind);
  const message = messageOf(error);
  if (json === true) {
    const code = error instanceof Error && "code" in error ? error.code : "CLI_INTERNAL";
    const service = error instanceof ServiceMissingError ? { service: error.service } : {};
    context.out(`${JSON.stringify({ ok: false, error: { code, message, ...service } })}\n`);
  } else {
    context.err(`tars: ${isExpected || !(error instanceof Error) ? message : error.stack}\n`);
  }
}

function messageOf(error: unknown): string {
  if (error instanceof AudioError) return `${error.message} ${error.remedy}`;
  return error instanceof Error ? error.message : String(error);
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof ConfigurationError) return EXIT.configuration;
  if (error instanceof UsageError || error instanceof WavError) return EXIT.usage;
  if (error instanceof AudioError) return EXIT.unavailable;
  if ([NothingRunsError, ServiceMissingError, BrokerError].some((kind) => error instanceof kind))
    return EXIT.unavailable;
  if (error instanceof NoAnswerError) return EXIT.timeout;
  if (error instanceof TurnFailedError || error instanceof CliError) return EXIT.failed;
  return EXIT.internal;
}

function watchForTheEnd(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // The second time means: now.
      if (stop.signal.aborted) process.exit(EXIT.interrupted);
      stop.abort();
    });
  }
  // bin/tars.mjs is gone, however it ended.
  if (process.send !== undefined) process.on("disconnect", () => stop.abort());
  process.stdout.on("error", (error) => {
    // `tars tail | head`: nobody reads any more.
    if ("code" in error && error.code === "EPIPE") process.exit(EXIT.ok);
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, and is somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
