import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "./make-folder.ts";

/** Of the user alone. */
const FILE_MODE = 0o600;

/**
 * Replaces a file by another text: a reader, and whoever comes after a crash, finds the old one or the new one, each whole. The
 * folder is made when it is missing. One process at a time; for a file that several change there is `updateConfigFile`.
 *
 * @throws the system's error when it cannot be written; the old file stays then.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path));
  const draft = `${path}.${randomBytes(4).toString("hex")}`;
  try {
    await writeFile(draft, text, { mode: FILE_MODE, flush: true });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
