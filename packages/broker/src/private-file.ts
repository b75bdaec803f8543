import { rm, writeFile } from "node:fs/promises";

/** Writes a file that only its owner may read (mode 0600). */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  // Removed first: the mode of a file that is there already would stay.
  await rm(path, { force: true });
  await writeFile(path, text, { mode: 0o600 });
}
