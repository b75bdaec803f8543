import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "@ts-tars/service";
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
    write: (privacy) => writeWhole(path, `${JSON.stringify(privacy)}\n`),
  };
}
