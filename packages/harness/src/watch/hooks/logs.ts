/** Every line that a pino logger of this process makes, wherever it is written to. */
import { tracingChannel } from "node:diagnostics_channel";
import { lookAt } from "../suite-watch.ts";

/** Looks at each line of every logger from now on, those that exist already too. */
export function watchLogs(): void {
  const ignore = (): void => undefined;
  // pino tells diagnostics of each record, after redaction: the result is the line.
  tracingChannel<unknown, LogRecord>("pino_asJson").subscribe({
    start: ignore,
    end: ({ instance, result }) => {
      const isAtDebug = instance.level === "debug" || instance.level === "trace";
      if (typeof result === "string") lookAt({ kind: "line", where: "a log", text: result, isAtDebug });
    },
    asyncStart: ignore,
    asyncEnd: ignore,
    error: ignore,
  });
}

interface LogRecord {
  readonly instance: { readonly level: string };
  readonly result?: unknown;
}
