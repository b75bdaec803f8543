import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

/** Of the user alone: what services keep is nobody else's. */
const FOLDER_MODE = 0o700;

/**
 * Makes a folder for this user alone, and those above it that are missing; one that is there stays as it is.
 *
 * Not `mkdir` with `recursive`: that one never comes back where nothing can be made, as under /proc, and keeps a thread busy for ever.
 *
 * @throws the system's error when it cannot be made.
 */
export async function makeFolder(path: string): Promise<void> {
  if ((await tryMake(path)) === "made") return;
  await makeFolder(dirname(path));
  await mkdir(path, { mode: FOLDER_MODE });
}

async function tryMake(path: string): Promise<"made" | "lacks_parent"> {
  try {
    await mkdir(path, { mode: FOLDER_MODE });
    return "made";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST") return "made";
    if (code === "ENOENT" && dirname(path) !== path) return "lacks_parent";
    throw error;
  }
}
