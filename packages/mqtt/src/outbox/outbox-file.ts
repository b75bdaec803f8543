/**
 * `outbox.db`: durable messages from `publish` to their end.
 *
 * 1. `put` returns when the message is on the disk (`synchronous = FULL`: a power cut does not lose it).
 * 2. A message leaves when it has had its end, and never before. Removing is not waited for (`NORMAL`): a power cut may undo it, and
 *    the message is then sent once more, with the same id.
 * 3. What lives is known in memory, too: a file that replaces a damaged one gets all of it.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { NotStoredError } from "../errors.ts";
import type { MessageStore, StateParts, StoredMessage } from "../state-store.ts";
import type { Layout } from "./database.ts";
import { asDamaged, DamagedFileError } from "./sqlite-verdict.ts";
import { StoreFile } from "./store-file.ts";

const LAYOUT: Layout = {
  version: 1,
  schema: `CREATE TABLE messages (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    topic TEXT NOT NULL,
    label TEXT NOT NULL,
    payload BLOB NOT NULL,
    accepted_at_ms REAL NOT NULL,
    ttl_ms REAL
  ) STRICT`,
};

interface Statements {
  readonly insert: StatementSync;
  readonly remove: StatementSync;
}

export class OutboxFile implements MessageStore {
  readonly #path: string;
  readonly #file: StoreFile;
  readonly #live = new Map<string, StoredMessage>();
  /** Had their end, and could not be removed yet. */
  readonly #ended = new Set<string>();
  #statements: Statements | undefined;
  #synchronous: "FULL" | "NORMAL" | undefined;
  #found: StoredMessage[] = [];
  #listener: ((messages: readonly StoredMessage[]) => void) | undefined;

  constructor(path: string, parts: StateParts) {
    this.#path = path;
    const opened = (database: DatabaseSync): void => this.#opened(database);
    const catchUp = (database: DatabaseSync): void => {
      this.#removeEnded(database);
      database.exec(`PRAGMA user_version = ${LAYOUT.version}`);
    };
    this.#file = new StoreFile({ path, name: "outbox", layout: LAYOUT, opened, catchUp }, parts);
  }

  /** @throws {StateDirectoryTakenError} */
  open(): void {
    this.#file.open();
  }

  put(message: StoredMessage): void {
    try {
      this.#file.use((database) => this.#insert(database, message));
    } catch (cause) {
      throw new NotStoredError({ topic: message.topic, path: this.#path, cause });
    }
    this.#live.set(message.id, message);
  }

  remove(id: string): void {
    if (!this.#live.delete(id)) return;
    this.#ended.add(id);
    try {
      this.#file.use((database) => this.#removeEnded(database));
    } catch {
      // The file has told of it; it stays among the ended ones, for the next time.
    }
  }

  onFound(listener: (messages: readonly StoredMessage[]) => void): void {
    this.#listener = listener;
    this.#tellFound();
  }

  close(): void {
    this.#file.close();
  }

  #opened(database: DatabaseSync): void {
    const stored = readMessages(database).filter(({ id }) => !this.#ended.has(id));
    this.#synchronous = undefined;
    this.#statements = {
      insert: database.prepare(
        "INSERT INTO messages (id, topic, label, payload, accepted_at_ms, ttl_ms) VALUES (?, ?, ?, ?, ?, ?)",
      ),
      remove: database.prepare("DELETE FROM messages WHERE id = ?"),
    };
    const ids = new Set(stored.map(({ id }) => id));
    for (const message of this.#live.values()) if (!ids.has(message.id)) this.#insert(database, message);
    for (const message of stored) {
      if (this.#live.has(message.id)) continue;
      this.#live.set(message.id, message);
      this.#found.push(message);
    }
    this.#tellFound();
  }

  #tellFound(): void {
    if (this.#listener !== undefined && this.#found.length > 0) this.#listener(this.#found.splice(0));
  }

  #insert(database: DatabaseSync, message: StoredMessage): void {
    const { id, topic, label, payload, acceptedAtEpochMs, ttlMs } = message;
    this.#waitFor(database, "FULL");
    this.#statements?.insert.run(id, topic, label, payload, acceptedAtEpochMs, ttlMs ?? null);
  }

  #removeEnded(database: DatabaseSync): void {
    this.#waitFor(database, "NORMAL");
    for (const id of this.#ended) {
      this.#statements?.remove.run(id);
      this.#ended.delete(id);
    }
  }

  #waitFor(database: DatabaseSync, synchronous: "FULL" | "NORMAL"): void {
    if (this.#synchronous === synchronous) return;
    database.exec(`PRAGMA synchronous = ${synchronous}`);
    this.#synchronous = synchronous;
  }
}

function readMessages(database: DatabaseSync): readonly StoredMessage[] {
  try {
    const query = "SELECT id, topic, label, payload, accepted_at_ms, ttl_ms FROM messages ORDER BY position";
    return database.prepare(query).all().map(readMessage);
  } catch (cause) {
    throw asDamaged(cause);
  }
}

/** A file may say that it is ours and hold something else: a table that is missing, columns of other types. */
function readMessage(row: Readonly<Record<string, unknown>>): StoredMessage {
  const { id, topic, label, payload, accepted_at_ms: acceptedAtEpochMs, ttl_ms: ttlMs } = row;
  const isWhole =
    typeof id === "string" &&
    typeof topic === "string" &&
    typeof label === "string" &&
    payload instanceof Uint8Array &&
    typeof acceptedAtEpochMs === "number" &&
    (ttlMs === null || typeof ttlMs === "number");
  if (!isWhole) throw new DamagedFileError("a row is no message");
  return { id, topic, label, payload, acceptedAtEpochMs, ttlMs: ttlMs ?? undefined };
}
