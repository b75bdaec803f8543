/** The root of what a command says instead of an answer; `exitCode` is what the process ends with. */
export abstract class CliError extends Error {
  abstract override readonly name: string;
  /** Stable, for `--json`: `CLI_…`. */
  abstract readonly code: string;
  /** Whether the same command may succeed later without anyone changing anything. */
  abstract readonly retryable: boolean;
}

/** The command line makes no sense. */
export class UsageError extends CliError {
  override readonly name = "UsageError";
  override readonly code = "CLI_USAGE";
  override readonly retryable = false;
}

/** There is no broker to talk to: none is known, or the known one does not answer. */
export class NothingRunsError extends CliError {
  override readonly name = "NothingRunsError";
  override readonly code = "CLI_NOTHING_RUNS";
  override readonly retryable = true;
}

/** The service that would have to answer is not running; `service` names it. */
export class ServiceMissingError extends CliError {
  override readonly name = "ServiceMissingError";
  override readonly code = "CLI_SERVICE_MISSING";
  override readonly retryable = true;
  readonly service: string;

  constructor(service: string, why: string) {
    super(`${service} is not running: ${why}`);
    this.service = service;
  }
}

/** Nothing came within the time that was given. */
export class NoAnswerError extends CliError {
  override readonly name = "NoAnswerError";
  override readonly code = "CLI_NO_ANSWER";
  override readonly retryable = true;
}

/** The robot answered that it could not. */
export class TurnFailedError extends CliError {
  override readonly name = "TurnFailedError";
  override readonly code = "CLI_TURN_FAILED";
  override readonly retryable = true;
}

/** A robot runs here already; there is one at a time. */
export class AlreadyRunsError extends CliError {
  override readonly name = "AlreadyRunsError";
  override readonly code = "CLI_ALREADY_RUNS";
  override readonly retryable = false;

  constructor({ pid, url }: { readonly pid: number; readonly url: string }) {
    super(
      `"tars up" runs already (pid ${pid}${url === "" ? "" : `, ${url}`}). Stop it with Ctrl-C there, or: kill ${pid}`,
    );
  }
}
