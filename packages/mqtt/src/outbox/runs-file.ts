/**
 * `delivery.db`: the messages whose handlers run. What is still there at the next start was running when the process ended.
 *
 * 1. A start is written before its handler runs; that it survives a crash of the process is enough (`synchronous = OFF`), for a
 *    message does not cut the power. Any fsync, even at checkpoints only, would stop the event loop for 20 ms.
 * 2. Ends are written together with the next start, or at the end of the turn, whichever comes first.
 * 3. Starts are counted once per life of the process, however many subscriptions the message has.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { RunJournal, StateParts } from "../state-store.ts";
import type { Layout } from "./database.ts";
import { asDamaged, DamagedFileError } from "./sqlite-verdict.ts";
import { StoreFile } from "./store-file.ts";

const LAYOUT: Layout = {
  version: 1,
  schema: `CREATE TABLE runs (key TEXT PRIMARY KEY, starts INTEGER NOT NULL, life INTEGER NOT NULL) WITHOUT ROWID, STRICT;
    CREATE TABLE lives (count INTEGER NOT NULL) STRICT;
    INSERT INTO lives VALUES (0)`,
};

/** A message that did not come again in so many lives will not; counted in lives, for the clock may be wrong. */
const FORGOTTEN_AFTER_LIVES = 100;

interface Statements {
  readonly begin: StatementSync;
  readonly commit: StatementSync;
  readonly start: StatementSync;
  readonly end: StatementSync;
}

export class RunsFile implements RunJournal {
  readonly #file: StoreFile;
  #statements: Statements | undefined;
  #life = 0;
  /** Starts without an end in earlier lives, by message. */
  readonly #unended = new Map<string, number>();
  /** Handlers that run now, by message. */
  readonly #running = new Map<string, number>();
  /** Ended, and not written yet. */
  readonly #ended = new Set<string>();
  readonly #blamed = new Set<string>();
  #isClosed = false;
  #writePlanned: NodeJS.Immediate | undefined;

  constructor(path: string, parts: StateParts) {
    const opened = (database: DatabaseSync): void => this.#opened(database);
    const catchUp = (database: DatabaseSync): void => {
      this.#write(database, undefined);
      database.exec(`PRAGMA user_version = ${LAYOUT.version}`);
    };
    this.#file = new StoreFile({ path, name: "delivery", layout: LAYOUT, opened, catchUp }, parts);
  }

  /** @throws {StateDirectoryTakenError} */
  open(): void {
    this.#file.open();
  }

  unended(key: string): number {
    return this.#unended.get(key) ?? 0;
  }

  started(key: string): void {
    if (this.#isClosed) return;
    const others = this.#running.get(key) ?? 0;
    this.#running.set(key, others + 1);
    if (others === 0) this.#writeNow(key);
  }

  ended(key: string): void {
    // A handler that did not stop when the client closed may end at any time.
    if (this.#isClosed) return;
    const others = (this.#running.get(key) ?? 1) - 1;
    if (others > 0) {
      this.#running.set(key, others);
      return;
    }
    this.#running.delete(key);
    if (this.#blamed.has(key)) return;
    this.#unended.delete(key);
    this.#ended.add(key);
    this.#writePlanned ??= setImmediate(() => this.#writeNow(undefined));
  }

  /** What runs now stays written, as if the process were killed here. */
  blame(): void {
    for (const key of this.#running.keys()) this.#blamed.add(key);
  }

  /** In order: what runs now was not ended by its message, unless it is blamed. */
  close(): void {
    clearImmediate(this.#writePlanned);
    for (const key of this.#running.keys()) if (!this.#blamed.has(key)) this.#ended.add(key);
    this.#running.clear();
    if (this.#ended.size > 0) this.#writeNow(undefined);
    this.#isClosed = true;
    this.#file.close();
  }

  /** The handler runs either way: a disk that fails must not hold up the messages. */
  #writeNow(start: string | undefined): void {
    clearImmediate(this.#writePlanned);
    this.#writePlanned = undefined;
    try {
      this.#file.use((database) => this.#write(database, start));
    } catch {
      // The file has told of it.
    }
  }

  #write(database: DatabaseSync, start: string | undefined): void {
    const statements = this.#statements;
    if (statements === undefined) return;
    statements.begin.run();
    try {
      for (const key of this.#ended) statements.end.run(key);
      if (start !== undefined) statements.start.run(start, this.unended(start) + 1, this.#life);
      statements.commit.run();
    } catch (error) {
      rollBack(database);
      throw error;
    }
    this.#ended.clear();
  }

  #opened(database: DatabaseSync): void {
    database.exec("PRAGMA synchronous = OFF");
    try {
      this.#life = beginLife(database);
      for (const [key, starts] of readRuns(database)) this.#unended.set(key, starts);
      this.#statements = prepare(database);
    } catch (cause) {
      throw asDamaged(cause);
    }
    for (const key of this.#running.keys()) this.#write(database, key);
  }
}

function prepare(database: DatabaseSync): Statements {
  return {
    begin: database.prepare("BEGIN"),
    commit: database.prepare("COMMIT"),
    start: database.prepare("INSERT OR REPLACE INTO runs (key, starts, life) VALUES (?, ?, ?)"),
    end: database.prepare("DELETE FROM runs WHERE key = ?"),
  };
}

function beginLife(database: DatabaseSync): number {
  const life = database.prepare("UPDATE lives SET count = count + 1 RETURNING count").get()?.["count"];
  if (typeof life !== "number") throw new DamagedFileError("it does not count its lives");
  database.prepare("DELETE FROM runs WHERE life < ?").run(life - FORGOTTEN_AFTER_LIVES);
  return life;
}

function readRuns(database: DatabaseSync): readonly (readonly [string, number])[] {
  return database
    .prepare("SELECT key, starts FROM runs")
    .all()
    .map(({ key, starts }) => {
      if (typeof key !== "string" || typeof starts !== "number") throw new DamagedFileError("a row is no run");
      return [key, starts] as const;
    });
}

/** After some errors SQLite has done so by itself. */
function rollBack(database: DatabaseSync): void {
  try {
    database.exec("ROLLBACK");
  } catch {
    // Nothing was begun any more.
  }
}
