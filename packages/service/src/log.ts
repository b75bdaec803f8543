import { type DestinationStream, destination, type Logger, pino } from "pino";
import { withoutCredentials } from "./config/broker-urls.ts";

/** A pino logger; `@ts-tars/mqtt` takes it as it is. */
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

const STANDARD_ERROR = 2;

/**
 * JSON lines, built here and handed down. What people said stands under `private` and is written at debug and trace
 * only; secrets, and passwords inside URLs, never.
 */
export function createLog({ name, level, stream }: LogOptions): ServiceLog {
  const isPrivateShown = level === "debug" || level === "trace";
  const hidden = isPrivateShown ? SECRET_NAMES : ["private", ...SECRET_NAMES];
  return pino(
    {
      name,
      level,
      base: { name },
      redact: { paths: hidden.flatMap((field) => [field, `*.${field}`]), censor: "[redacted]" },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { url: hideCredentials, err: serializeError, error: serializeError },
    },
    stream ?? destination({ fd: STANDARD_ERROR, sync: true }),
  );
}

const hideCredentials = (url: unknown): unknown => (typeof url === "string" ? withoutCredentials(url) : url);

/** With its cause beside it: our messages quote it where that helps, and pino would put it behind each once more. */
const serializeError = pino.stdSerializers.errWithCause;
