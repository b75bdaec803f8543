/** What a caller can decide on when a broker does not come up. */
export abstract class BrokerError extends Error {
  /** Stable across releases, listed in `docs/errors.md`. */
  abstract readonly code: `BROKER_${string}`;
  /** Whether the same call may succeed later without anyone changing anything. */
  abstract readonly retryable: boolean;
}

/** The Mosquitto binary is not on this machine. The message carries the command that installs it. */
export class BrokerNotInstalledError extends BrokerError {
  static {
    BrokerNotInstalledError.prototype.name = "BrokerNotInstalledError";
  }
  readonly code = "BROKER_NOT_INSTALLED";
  readonly retryable = false;
  /** The command or program that was looked for. */
  readonly program: string;

  constructor(program: string, options?: ErrorOptions) {
    super(
      `Program "${program}" was not found. Install it with: sudo apt-get install -y mosquitto ` +
        `(macOS: brew install mosquitto), or choose the embedded broker.`,
      options,
    );
    this.program = program;
  }
}

/** The broker was started and did not come to accept connections. */
export class BrokerStartError extends BrokerError {
  static {
    BrokerStartError.prototype.name = "BrokerStartError";
  }
  readonly code = "BROKER_START_FAILED";
  readonly retryable: boolean;
  readonly reason: BrokerStartFailure;
  /** The broker's last log lines, oldest first. */
  readonly lastLines: readonly string[];

  constructor(reason: BrokerStartFailure, message: string, options: BrokerStartErrorOptions = {}) {
    const lastLines = options.lastLines ?? [];
    const log = lastLines.length === 0 ? "" : `\nIts last log lines:\n  ${lastLines.join("\n  ")}`;
    super(`${message}${log}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.retryable = reason === "port_in_use" || reason === "timeout";
    this.lastLines = lastLines;
  }
}

/** Why a broker did not start; each asks for another remedy. */
export type BrokerStartFailure = "port_in_use" | "no_websockets" | "bad_config" | "timeout" | "stopped" | "exited";

/** What is known besides the reason. */
export interface BrokerStartErrorOptions {
  readonly lastLines?: readonly string[];
  readonly cause?: unknown;
}
