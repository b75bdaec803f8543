import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { inherited } from "./environment.ts";

/** The folders in which programs are looked for, as this process was given them. */
export function searchPath(): string {
  return inherited("PATH") ?? "/usr/local/bin:/usr/bin:/bin";
}

/** Where a program lies, or undefined when there is none that may be run; a name with a slash is a path already. */
export async function findProgram(name: string, path: string = searchPath()): Promise<string | undefined> {
  if (name.includes("/")) return (await isExecutable(name)) ? name : undefined;
  for (const folder of path.split(delimiter).filter((folder) => folder !== "")) {
    const candidate = join(folder, name);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
