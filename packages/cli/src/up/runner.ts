import type { ServiceEntry } from "../services.ts";

/** How a service ended, for its supervision. */
export interface ServiceExit {
  /** In words: `killed by SIGKILL`, or the service's own. */
  readonly cause: string;
  /** Another start as things are would end the same way. */
  readonly isFinal: boolean;
}

/** One life of a service, wherever it runs. */
export interface RunningService {
  /** The process it runs in; undefined when there is none (it could not be started). */
  readonly pid: number | undefined;
  /** Resolves when it is at work; stays open when it never is. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended, however; never rejects. */
  readonly exited: Promise<ServiceExit>;
  /** Asks it to end in order, and ends it by force when that takes too long. Idempotent. */
  stop(): void;
}

/** Starts services: each in its own process, or all in this one. */
export interface Runner {
  start(entry: ServiceEntry): RunningService;
}
