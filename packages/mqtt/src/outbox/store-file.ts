/**
 * One file of the state directory over its whole life: opened, used, set aside when it is damaged, tried again when it fails.
 *
 *   closed ──open──▶ open ──an operation fails──▶ failing ──every 5 s, or the next use──▶ open
 *                     └──is damaged──▶ set aside, and a new one is open
 */
import type { DatabaseSync } from "node:sqlite";
import { StateDirectoryTakenError } from "../errors.ts";
import type { StateParts } from "../state-store.ts";
import { closeQuietly, type Layout, openDatabase, setAside } from "./database.ts";
import { verdictOf } from "./sqlite-verdict.ts";

const RETRY_MS = 5_000;

export interface StoreFileSpec {
  readonly path: string;
  /** Label of gauges and counters: `outbox`, `delivery`. */
  readonly name: string;
  readonly layout: Layout;
  /** The file was opened, again perhaps: reads it, and brings into it what should be there. */
  readonly opened: (database: DatabaseSync) => void;
  /** What is still to be written when it works again; must write something, or it proves nothing. */
  readonly catchUp: (database: DatabaseSync) => void;
}

export class StoreFile {
  readonly #spec: StoreFileSpec;
  readonly #parts: StateParts;
  #database: DatabaseSync | undefined;
  #isFailing = false;
  #isClosed = false;
  #cancelRetry: (() => void) | undefined;

  constructor(spec: StoreFileSpec, parts: StateParts) {
    this.#spec = spec;
    this.#parts = parts;
  }

  /**
   * Opens the file; one that cannot be opened now is told of and tried again.
   *
   * @throws {StateDirectoryTakenError}
   */
  open(): void {
    try {
      this.use(() => undefined);
    } catch (error) {
      if (verdictOf(error) !== "taken") return;
      this.close();
      throw new StateDirectoryTakenError({ path: this.#spec.path, cause: error });
    }
  }

  /** Does something with the file. A damaged one is replaced, and `work` done with the new one. @throws what SQLite or the system says. */
  use<T>(work: (database: DatabaseSync) => T): T {
    try {
      const result = this.#attempt(work);
      this.#worked();
      return result;
    } catch (error) {
      this.#failed(error);
      throw error;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    if (this.#database !== undefined) closeQuietly(this.#database);
    this.#database = undefined;
  }

  #attempt<T>(work: (database: DatabaseSync) => T): T {
    try {
      return work(this.#opened());
    } catch (error) {
      if (verdictOf(error) !== "damaged") throw error;
      this.#setAside(error);
      return work(this.#opened());
    }
  }

  #opened(): DatabaseSync {
    if (this.#isClosed) throw new Error(`${this.#spec.path} is closed`);
    if (this.#database !== undefined) return this.#database;
    const database = openDatabase(this.#spec.path, this.#spec.layout);
    try {
      this.#spec.opened(database);
    } catch (error) {
      closeQuietly(database);
      throw error;
    }
    this.#database = database;
    return database;
  }

  #setAside(error: unknown): void {
    const { clock, log, meter } = this.#parts;
    if (this.#database !== undefined) closeQuietly(this.#database);
    this.#database = undefined;
    const aside = setAside(this.#spec.path, clock.epochMs());
    meter.count("state_set_aside", { file: this.#spec.name });
    log.error({ err: error, path: aside }, "a state file was damaged and is set aside; a new one is begun");
  }

  #failed(error: unknown): void {
    const { clock, log, meter } = this.#parts;
    const { name: file, path } = this.#spec;
    meter.count("state_failures", { file });
    if (!this.#isFailing) {
      this.#isFailing = true;
      meter.gauge("state_failing", 1, { file });
      log.error({ err: error, path }, "a state file cannot be used; it is tried again");
    }
    if (this.#isClosed || this.#cancelRetry !== undefined) return;
    this.#cancelRetry = clock.setTimer(RETRY_MS, () => {
      this.#cancelRetry = undefined;
      try {
        this.use(this.#spec.catchUp);
      } catch {
        // It was told of, and comes again.
      }
    });
  }

  #worked(): void {
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#parts.meter.gauge("state_failing", 0, { file: this.#spec.name });
    this.#parts.log.info({ path: this.#spec.path }, "a state file can be used again");
  }
}
