/** One log method, as pino has it: fields first, then a constant lower-case message. */
export type LogMethod = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** What the client needs of a logger; a pino logger fits. The library itself never prints. */
export interface Log {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}

const ignore: LogMethod = () => undefined;

/** A log that goes nowhere, the default. */
export const SILENT_LOG: Log = Object.freeze({ debug: ignore, info: ignore, warn: ignore, error: ignore });
