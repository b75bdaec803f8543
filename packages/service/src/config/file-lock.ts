import { randomBytes } from "node:crypto";
import { type FileHandle, open, readFile, rm } from "node:fs/promises";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";

/** The right to change a file, among processes that all ask for it. */
export interface FileLock {
  /** Nobody has taken it over meanwhile. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

/** Whoever holds it works for milliseconds; on a card that is slow to write, for seconds. */
const STALE_AFTER_MS = 4_000;
/** Behind one that died, and a few that were faster. */
const WAIT_LIMIT_MS = 7_000;
const LOOK_EVERY_MS = 15;

/**
 * Takes the lock of `path`: a file beside it that only one process can create. Undefined when it is not free in time.
 *
 * A process that died holding it is recognised by the waiting one, which sees the same lock for 4 s: by its own clock, because those
 * of machines and file systems differ and are set back, and without asking for process ids, which mean nothing in another
 * container. Whoever was only slow must not write any more then: see `isHeld`.
 *
 * @throws the system's error when the folder cannot be written.
 */
export async function lockFile(path: string, clock: Clock = SYSTEM_CLOCK): Promise<FileLock | undefined> {
  const lockPath = `${path}.lock`;
  const token = randomBytes(16).toString("hex");
  const startedAtMs = clock.nowMs();
  let seen: { readonly token: string; readonly sinceMs: number } | undefined;
  while (!(await tryCreate(lockPath, token))) {
    const nowMs = clock.nowMs();
    if (nowMs - startedAtMs >= WAIT_LIMIT_MS) return undefined;
    const other = await readToken(lockPath);
    if (other !== undefined && seen?.token !== other) seen = { token: other, sinceMs: nowMs };
    if (other !== undefined && seen !== undefined && nowMs - seen.sinceMs >= STALE_AFTER_MS) {
      await takeOver(lockPath, other);
    } else if (other !== undefined) {
      await new Promise<void>((resolve) => clock.setTimer(LOOK_EVERY_MS, resolve));
    }
  }
  const isHeld = async (): Promise<boolean> => (await readToken(lockPath)) === token;
  return {
    isHeld,
    release: async () => {
      if (await isHeld()) await rm(lockPath, { force: true });
    },
  };
}

async function tryCreate(lockPath: string, token: string): Promise<boolean> {
  let handle: FileHandle;
  try {
    handle = await open(lockPath, "wx", 0o600);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
  try {
    await handle.writeFile(token);
    return true;
  } catch (error) {
    // A full disk: a lock that nobody holds would keep the next one waiting.
    await rm(lockPath, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** Who holds it: empty for the moment between its creation and its first word; undefined when nobody does. */
async function readToken(lockPath: string): Promise<string | undefined> {
  try {
    return await readFile(lockPath, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Removes the lock of one that died, unless it is another's by now. */
async function takeOver(lockPath: string, token: string): Promise<void> {
  if ((await readToken(lockPath)) === token) await rm(lockPath, { force: true });
}

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);
