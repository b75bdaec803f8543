/** The root of what a command says instead of an answer; `main.ts` knows the exit code of each. */
export abstract class CliError extends Error {
  /** Stable, for `--json`: `CLI_…`. */
  abstract readonly code: `CLI_${string}`;
  /** Whether the same command may succeed later without anyone changing anything. */
  abstract readonly retryable: boolean;
}

/** The command line makes no sense. */
export class UsageError extends CliError {
  static {
    UsageError.prototype.name = "UsageError";
  }
  readonly code = "CLI_USAGE";
  readonly retryable = false;
}

/** Why there is nobody to talk to: no robot is known, it is still coming up, or the known broker cannot be used. */
export type Absence = "unknown" | "starting" | "unreachable";

/** There is no broker to talk to: none is known, or the known one does not answer. */
export class NothingRunsError extends CliError {
  static {
    NothingRunsError.prototype.name = "NothingRunsError";
  }
  readonly code = "CLI_NOTHING_RUNS";
  readonly retryable = true;
  readonly absence: Absence;

  constructor(message: string, absence: Absence, options?: ErrorOptions) {
    super(message, options);
    this.absence = absence;
  }
}

/** The service that would have to answer is not running; `service` names it. */
export class ServiceMissingError extends CliError {
  static {
    ServiceMissingError.prototype.name = "ServiceMissingError";
  }
  readonly code = "CLI_SERVICE_MISSING";
  readonly retryable = true;
  readonly service: string;

  constructor(service: string, why: string) {
    super(`${service} is not running: ${why}`);
    this.service = service;
  }
}

/** Nothing came within the time that was given. */
export class NoAnswerError extends CliError {
  static {
    NoAnswerError.prototype.name = "NoAnswerError";
  }
  readonly code = "CLI_NO_ANSWER";
  readonly retryable = true;
}

/** The robot answered that it could not. */
export class TurnFailedError extends CliError {
  static {
    TurnFailedError.prototype.name = "TurnFailedError";
  }
  readonly code = "CLI_TURN_FAILED";
  readonly retryable = true;
}

/** A robot runs here already; there is one at a time. */
export class AlreadyRunsError extends CliError {
  static {
    AlreadyRunsError.prototype.name = "AlreadyRunsError";
  }
  readonly code = "CLI_ALREADY_RUNS";
  readonly retryable = false;

  constructor({ pid, url }: { readonly pid: number; readonly url: string }) {
    super(
      `"tars up" runs already (pid ${pid}${url === "" ? "" : `, ${url}`}). Stop it with Ctrl-C there, or: kill ${pid}`,
    );
  }
}
