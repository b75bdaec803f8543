/** The root of everything this package throws on purpose; one class per decision a caller can make. */
export abstract class ServiceError extends Error {
  /** Stable, for machines: `SERVICE_…`. */
  abstract readonly code: `SERVICE_${string}`;
  /** Whether the same attempt may succeed later without a change by a person. */
  abstract readonly retryable: boolean;
}

/** Settings are missing, malformed or contradictory; nothing was started. Every problem is in it, no secret is. */
export class ConfigurationError extends ServiceError {
  static {
    ConfigurationError.prototype.name = "ConfigurationError";
  }
  readonly code = "SERVICE_CONFIGURATION";
  readonly retryable = false;
  /** One sentence each, with the full name of the variable, flag or key it is about. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    super(`The configuration has ${count}:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

/** The mailbox ended before it finished (or accepted) this event; the sender may try again elsewhere. */
export class MailboxClosedError extends ServiceError {
  static {
    MailboxClosedError.prototype.name = "MailboxClosedError";
  }
  readonly code = "SERVICE_MAILBOX_CLOSED";
  readonly retryable = true;

  constructor(options?: ErrorOptions) {
    super("The mailbox closed before this event was handled.", options);
  }
}

/** The mailbox holds as many events as it may; the sender should slow down and try again. */
export class MailboxFullError extends ServiceError {
  static {
    MailboxFullError.prototype.name = "MailboxFullError";
  }
  readonly code = "SERVICE_MAILBOX_FULL";
  readonly retryable = true;
  readonly capacity: number;

  constructor(capacity: number) {
    super(`The mailbox already holds ${capacity} events. Handle them faster, or send less.`);
    this.capacity = capacity;
  }
}

/** The broker will not have this client (credentials, protocol, client id); trying again changes nothing. */
export class BrokerRefusedError extends ServiceError {
  static {
    BrokerRefusedError.prototype.name = "BrokerRefusedError";
  }
  readonly code = "SERVICE_BROKER_REFUSED";
  readonly retryable = false;

  constructor(cause: Error) {
    super(`The broker refused this service for good: ${cause.message}`, { cause });
  }
}

/** The service did not finish in time after it was asked to stop; what it was doing was left undone. */
export class StopDeadlineError extends ServiceError {
  static {
    StopDeadlineError.prototype.name = "StopDeadlineError";
  }
  readonly code = "SERVICE_STOP_DEADLINE";
  readonly retryable = true;

  constructor(deadlineMs: number) {
    super(`The service did not stop within ${deadlineMs} ms.`);
  }
}
