import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "@ts-tars/service";
import { z } from "zod";

/** What a person said about the microphones, and why it is so. */
const Privacy = z.object({ on: z.boolean(), reason: z.string().max(500) });
export type Privacy = z.output<typeof Privacy>;

/** Keeps the answer over restarts. */
export interface PrivacyStore {
  /** Before anybody has answered, and when the answer cannot be read, privacy is on. */
  read(): Promise<Privacy>;
  /** Resolves when it is on the disk. */
  write(privacy: Privacy): Promise<void>;
}

/** In `directory`, one small file that is always whole. */
export function openPrivacyStore(directory: string): PrivacyStore {
  const path = join(directory, "privacy.json");
  return {
    read: async () => {
      try {
        return Privacy.parse(JSON.parse(await readFile(path, "utf8")));
      } catch (error) {
        const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
        return { on: true, reason: isMissing ? "not yet allowed" : `the answer kept in ${path} cannot be read` };
      }
    },
    write: async (privacy) => {
      await makeFolder(directory);
      const draft = `${path}.${randomBytes(4).toString("hex")}`;
      try {
        await writeFile(draft, `${JSON.stringify(privacy)}\n`, { mode: 0o600, flush: true });
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
  };
}
