import { randomBytes } from "node:crypto";
import { open, readdir, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { makeFolder } from "../make-folder.ts";
import type { FileEdit } from "./change-settings.ts";
import { editConfigText } from "./edit-file.ts";
import { type ConfigFile, parseConfigFile } from "./file.ts";
import { type FileLock, lockFile } from "./file-lock.ts";

/** What is to be changed, decided by the file as it is under the lock; undefined: nothing, because it was refused. */
export type Decide = (
  file: ConfigFile,
) => { readonly edits: readonly FileEdit[]; readonly holdsSecret: boolean } | undefined;

/** What became of it. */
export type Update = { readonly kind: "done" } | { readonly kind: "refused"; readonly problem: string };

/** Somebody writes the same file again and again, without the lock. */
const TRIES = 5;

/**
 * Changes the configuration file: the whole change, or nothing. Folder and file are made when they are missing (for this user
 * alone); mode and owner of a file that was there stay, unless a secret comes into it: then nobody else may read it. Several
 * processes may call it at the same time. `decide` may be called again, when somebody else changed the file meanwhile. Never
 * throws: what the system says against it is the problem of the refusal.
 */
export async function updateConfigFile(path: string, decide: Decide, clock: Clock = SYSTEM_CLOCK): Promise<Update> {
  try {
    await makeFolder(dirname(resolve(path)));
    // A link to a file kept elsewhere stays a link.
    const target = await realpath(path).catch(() => resolve(path));
    return await updateUnderLock({ path, target, clock }, decide);
  } catch (error) {
    return { kind: "refused", problem: `${path} cannot be written: ${wordsOf(error)}` };
  }
}

interface Place {
  /** As it is called. */
  readonly path: string;
  /** Where it really lies. */
  readonly target: string;
  readonly clock: Clock;
}

async function updateUnderLock({ path, target, clock }: Place, decide: Decide): Promise<Update> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const lock = await lockFile(target, clock);
    if (lock === undefined) break;
    try {
      const update = await tryUpdate({ path, target, lock }, decide);
      if (update !== "overtaken") return update;
    } finally {
      await lock.release();
    }
  }
  return { kind: "refused", problem: `${path} is being changed by somebody else: try again in a moment.` };
}

async function tryUpdate(
  { path, target, lock }: Pick<Place, "path" | "target"> & { readonly lock: FileLock },
  decide: Decide,
): Promise<Update | "overtaken"> {
  await removeDrafts(target);
  const before = await readText(target);
  const { file, problems } = parseConfigFile(before ?? "", { path });
  if (problems[0] !== undefined) return { kind: "refused", problem: `${problems[0]} Mend the file first.` };
  const decided = decide(file);
  if (decided === undefined || decided.edits.length === 0) return { kind: "done" };
  const edited = editConfigText(before ?? "", decided.edits, { path });
  if (!edited.ok) return { kind: "refused", problem: edited.problem };
  const draft = `${target}.${randomBytes(8).toString("hex")}.new`;
  try {
    await writeDraft(draft, edited.text, { like: target, isSecret: decided.holdsSecret });
    const isUntouched = (await readText(target)) === before && (await lock.isHeld());
    if (!isUntouched) return "overtaken";
    await rename(draft, target);
    await syncFolder(dirname(target));
    return { kind: "done" };
  } finally {
    await rm(draft, { force: true });
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Resolves when it is on the disk. */
async function writeDraft(
  draft: string,
  text: string,
  { like, isSecret }: { readonly like: string; readonly isSecret: boolean },
): Promise<void> {
  const old = await stat(like).catch(() => undefined);
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(text);
    if (old !== undefined) {
      // Only root may give a file away; for everybody else it is theirs anyhow.
      await handle.chown(old.uid, old.gid).catch(() => undefined);
      await handle.chmod(isSecret ? old.mode & 0o700 : old.mode & 0o777);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What was renamed is on the disk; where folders cannot be opened (Windows) the system sees to it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  if (handle === undefined) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}

/** Drafts of processes that died while they wrote: whoever holds the lock is the only one that writes. */
async function removeDrafts(target: string): Promise<void> {
  const [folder, name] = [dirname(target), basename(target)];
  const isDraft = (other: string): boolean =>
    other.startsWith(`${name}.`) && /^[0-9a-f]{16}\.new$/u.test(other.slice(name.length + 1));
  for (const other of await readdir(folder)) if (isDraft(other)) await rm(join(folder, other), { force: true });
}

const CAUSES: ReadonlyMap<unknown, string> = new Map([
  ["EROFS", "the file system is read-only."],
  ["EACCES", "this user may not write there."],
  ["EPERM", "this user may not write there."],
  ["ENOSPC", "the disk is full."],
  ["EDQUOT", "the disk quota is used up."],
  ["EBUSY", "it is mounted as a single file, which cannot be replaced: mount its folder instead."],
]);

function wordsOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const cause = CAUSES.get(code);
  const said = typeof code === "string" ? code : String(error);
  return cause === undefined ? `the system says ${said}.` : `${cause.slice(0, -1)} (${said}).`;
}
