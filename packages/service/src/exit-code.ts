import { StateDirectoryTakenError } from "@ts-tars/mqtt";
import { BrokerRefusedError, ConfigurationError, StopDeadlineError } from "./errors.ts";

/** How a service process ends, after sysexits.h: a supervisor restarts on 70 and 75, a person must look at 69, 78. */
export const EXIT = Object.freeze({
  /** Stopped in order. */
  ok: 0,
  /** The broker refused the service for good (credentials, protocol, client id taken). */
  unavailable: 69,
  /** A fault inside: an uncaught exception, or the service ended by itself. */
  internal: 70,
  /** Did not finish in time when stopping, or its predecessor has not gone yet; starting it again is safe. */
  temporary: 75,
  /** A setting is missing, malformed or contradictory. */
  configuration: 78,
});

/** One of the codes above. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code that tells a supervisor what to do about this error. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof ConfigurationError) return EXIT.configuration;
  if (error instanceof BrokerRefusedError) return EXIT.unavailable;
  const isTemporary = error instanceof StopDeadlineError || error instanceof StateDirectoryTakenError;
  return isTemporary ? EXIT.temporary : EXIT.internal;
}

/** Whether the same program with the same settings would end the same way: a supervisor need not try again. */
export function isFinal(code: number | null): boolean {
  return code === EXIT.unavailable || code === EXIT.configuration;
}
