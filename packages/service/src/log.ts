import { type DestinationStream, destination, type Logger, pino } from "pino";
import { withoutCredentials } from "./config/broker-urls.ts";

/** A pino logger; `@ts-tars/mqtt` takes it as it is. Its `level` may be set while it is used. */
export type ServiceLog = Logger;

/** What a log is made with. */
export interface LogOptions {
  /** The service's name, in every line. */
  readonly name: string;
  readonly level: string;
  /** Default: standard error, written at once, so that the last words of a dying process are not lost. */
  readonly stream?: DestinationStream;
}

/** Names under which secrets travel through programs; whatever stands there is not written. */
const SECRET_NAMES = ["password", "token", "apiKey", "api_key", "secret", "authorization", "credentials"];

/** The name under which stands what people said. */
const PRIVATE = "private";

const HIDDEN = "[redacted]";

const STANDARD_ERROR = 2;

/**
 * JSON lines, built here and handed down. What people said stands under `private` and is written at debug and trace
 * only; secrets, and passwords inside URLs, never.
 */
export function createLog({ name, level, stream }: LogOptions): ServiceLog {
  const log: ServiceLog = pino(
    {
      name,
      level,
      base: { name },
      redact: {
        paths: [PRIVATE, ...SECRET_NAMES].flatMap((field) => [field, `*.${field}`]),
        // Asked for each line, because the level changes.
        censor: (value: unknown, path) =>
          path.at(-1) === PRIVATE && isPrivateShown(log.level) ? withoutSecrets(value) : HIDDEN,
      },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { url: hideCredentials, err: serializeError, error: serializeError },
    },
    stream ?? destination({ fd: STANDARD_ERROR, sync: true }),
  );
  return log;
}

const isPrivateShown = (level: string): boolean => level === "debug" || level === "trace";

/** Below a path with an answer of its own no other path is looked at. */
function withoutSecrets(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, SECRET_NAMES.includes(key) ? HIDDEN : member]),
  );
}

const hideCredentials = (url: unknown): unknown => (typeof url === "string" ? withoutCredentials(url) : url);

/** With its cause beside it: our messages quote it where that helps, and pino would put it behind each once more. */
const serializeError = pino.stdSerializers.errWithCause;
