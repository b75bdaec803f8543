/** What outlives the process, as the client sees it. `@ts-tars/mqtt/outbox` keeps it in files; here is no file and no SQL. */
import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";
import type { Meter } from "./meter.ts";

/** A durable message that `publish` has accepted and the broker has not confirmed. */
export interface StoredMessage {
  readonly id: string;
  readonly topic: string;
  /** The declared name: a label that does not grow with parameters. */
  readonly label: string;
  /** The envelope, as it goes over the wire. */
  readonly payload: Uint8Array;
  readonly acceptedAtEpochMs: number;
  /** Undefined when it is never worthless. */
  readonly ttlMs: number | undefined;
}

/** Messages that survive the process, in the order they were put. */
export interface MessageStore {
  /**
   * When it returns, the message survives a crash of the process and of the machine.
   *
   * @throws {NotStoredError} when it could not be written; nothing is kept then.
   */
  put(message: StoredMessage): void;
  /** It has had its end. Never throws: what cannot be removed now is removed later, or sent again by the next life. */
  remove(id: string): void;
  /** Hands over, in order and before this returns, what earlier lives left; and what is found later, when the file could not be read yet. */
  onFound(listener: (messages: readonly StoredMessage[]) => void): void;
}

/** Which handlers were running when an earlier life of the process ended. Nothing in it throws. */
export interface RunJournal {
  /** How many earlier lives ended while a handler of this message ran. */
  unended(key: string): number;
  /** A handler is about to run; when this returns, a crash of the process does not hide it. */
  started(key: string): void;
  ended(key: string): void;
}

/** What a store is opened with. */
export interface StateParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

/** A client's store while the client lives. */
export interface OpenState {
  readonly messages: MessageStore;
  readonly runs: RunJournal;
  /** Whatever runs now was not ended by its message. */
  close(): void;
}

/** Where a client keeps what has to survive it: made by `stateDirectory` of `@ts-tars/mqtt/outbox`. */
export interface StateStore {
  /** @throws {StateDirectoryTakenError} when another client has it open. */
  open(parts: StateParts): OpenState;
  /**
   * Says that the process is about to end, in order, because of a fault that nobody caught: what is being handled now counts as
   * if it had been killed there. Without it a client that is closed takes no message for the cause.
   */
  blame(): void;
}
