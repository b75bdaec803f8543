import { createLog, exitCodeOf, isFinal, startService } from "@ts-tars/service";
import type { ServiceEntry } from "../services.ts";
import type { Runner, ServiceExit } from "./runner.ts";

/** What the services are given, and where their logs go. */
export interface InProcessRunnerOptions {
  readonly env: (entry: ServiceEntry) => Readonly<Record<string, string | undefined>>;
  readonly logLevel: string;
  readonly readText: (path: string) => string;
  readonly onLine: (entry: ServiceEntry, line: string) => void;
}

/** Runs all services in this process: a third of the memory, and one fault for all. */
export function inProcessRunner({ env, logLevel, readText, onLine }: InProcessRunnerOptions): Runner {
  return {
    start: (entry) => {
      const ready = Promise.withResolvers<void>();
      const lifetime = new AbortController();
      const stream = { write: (text: string) => onLine(entry, text.trimEnd()) };
      const log = createLog({ name: entry.name, level: logLevel, stream });
      const exited = live(entry, (definition) =>
        startService(definition, {
          lifetime: { stop: lifetime.signal, ready: () => ready.resolve() },
          sources: { env: env(entry), readText },
          log,
        }),
      );
      return { pid: process.pid, ready: ready.promise, exited, stop: () => lifetime.abort() };
    },
  };
}

async function live(
  entry: ServiceEntry,
  start: (definition: Awaited<ReturnType<ServiceEntry["load"]>>) => Promise<void>,
): Promise<ServiceExit> {
  try {
    await start(await entry.load());
    return { cause: "stopped", isFinal: false };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { cause, isFinal: isFinal(exitCodeOf(error)) };
  }
}
