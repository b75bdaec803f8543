/**
 * Opens one SQLite file so that it is whole, ours alone, and durable.
 *
 * 1. A new file appears under its name only when it is complete: an empty one is always a damaged one.
 * 2. The lock is exclusive and held as long as the connection; it ends with the process, however that ends.
 * 3. A file of this process is never opened by other means: closing any descriptor of it would drop the lock (POSIX).
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DamagedFileError } from "./sqlite-verdict.ts";

/** What a file holds. */
export interface Layout {
  /** Kept in the file; one of another version is set aside. */
  readonly version: number;
  readonly schema: string;
}

const OWNER_ONLY = { file: 0o600, folder: 0o700 };
/** SQLite's companions of a database, by suffix. */
const WITH_COMPANIONS = ["", "-wal", "-shm", "-journal"];
/** The log is cut to this when it is written from its beginning again, so that one flood does not keep the disk. */
const LOG_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * @throws {DamagedFileError} when the file is not what `layout` says.
 * @throws what SQLite or the system says.
 */
export function openDatabase(path: string, layout: Layout): DatabaseSync {
  if (!existsSync(path)) {
    // SQLite would take the log of a lost database for that of the new one.
    if (existsSync(`${path}-wal`)) throw new DamagedFileError("only the log of this database is there");
    createDatabase(path, layout);
  } else if (statSync(path).size === 0) throw new DamagedFileError("the file is empty");
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    database.exec("PRAGMA journal_mode = WAL");
    database.exec(`PRAGMA journal_size_limit = ${LOG_LIMIT_BYTES}`);
    checkWhole(database, layout);
    removeDrafts(path);
    return database;
  } catch (error) {
    closeQuietly(database);
    throw error;
  }
}

function checkWhole(database: DatabaseSync, { version }: Layout): void {
  const found = database.prepare("PRAGMA user_version").get()?.["user_version"];
  if (found !== version) throw new DamagedFileError(`it has version ${String(found)}, this program writes ${version}`);
  const said = database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  if (said !== "ok") throw new DamagedFileError(String(said));
}

/** Written under another name first, so that no crash leaves half of it. */
function createDatabase(path: string, { version, schema }: Layout): void {
  makeFolder(dirname(path));
  const draft = `${path}.new-${process.pid}`;
  removeAll(draft);
  try {
    closeSync(openSync(draft, "wx", OWNER_ONLY.file));
    const database = new DatabaseSync(draft);
    try {
      database.exec(`PRAGMA journal_mode = WAL; BEGIN; ${schema}; PRAGMA user_version = ${version}; COMMIT`);
    } finally {
      database.close();
    }
    linkUnlessThere(draft, path);
  } finally {
    removeAll(draft);
  }
  syncFolder(dirname(path));
}

/** Of processes that were killed while they made this file; who makes it now finds that it is there. */
function removeDrafts(path: string): void {
  const prefix = `${basename(path)}.new-`;
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(prefix)) rmSync(join(dirname(path), name), { force: true });
  }
}

/** A link, unlike a rename, fails when another process was first: then the file is that one's. */
function linkUnlessThere(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}

/** Moves a database and its log out of the way; the name that it has now. */
export function setAside(path: string, epochMs: number): string {
  let stamp = Math.round(epochMs);
  while (existsSync(`${path}.corrupt-${stamp}`)) stamp += 1;
  const aside = `${path}.corrupt-${stamp}`;
  for (const suffix of WITH_COMPANIONS) {
    if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${aside}${suffix}`);
  }
  return aside;
}

export function closeQuietly(database: DatabaseSync): void {
  try {
    database.close();
  } catch {
    // What is closed because it is broken may break once more.
  }
}

/** Not `mkdir` with `recursive`: that one never comes back where nothing can be made, as under /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path, { mode: OWNER_ONLY.folder });
}

function removeAll(path: string): void {
  for (const suffix of WITH_COMPANIONS) rmSync(`${path}${suffix}`, { force: true });
}

/** After a power cut the new name must be there, too. */
function syncFolder(path: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    fsyncSync(descriptor);
  } catch {
    // Not every system lets a folder be opened.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
