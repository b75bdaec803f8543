import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A program made of shell, in a folder of its own. */
export interface FakeProgram extends AsyncDisposable {
  readonly path: string;
  readonly folder: string;
  /** Makes it, or makes it another one. */
  write(script: string): Promise<void>;
}

/** Only its place: nothing is there until `write`. */
export async function openFakeProgram(name: string): Promise<FakeProgram> {
  const folder = await mkdtemp(join(tmpdir(), "fake-program-"));
  const path = join(folder, name);
  return {
    path,
    folder,
    write: async (script) => {
      await writeFile(path, `#!/bin/sh\n${script}\n`);
      await chmod(path, 0o755);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
