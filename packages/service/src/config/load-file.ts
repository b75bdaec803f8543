import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { emptyFile, type ParsedFile, parseConfigFile } from "./file.ts";

const OTHERS_MAY_READ = 0o044;

/** Where the configuration file is: `TARS_CONFIG`, else `$XDG_CONFIG_HOME` or `~/.config`, `ts-tars/config.yaml`. */
export function configPath(env: Readonly<Record<string, string | undefined>>): string {
  const chosen = env["TARS_CONFIG"]?.trim();
  if (chosen) return chosen;
  return join(env["XDG_CONFIG_HOME"]?.trim() || join(homedir(), ".config"), "ts-tars", "config.yaml");
}

/** Reads the configuration file. None at the usual place is fine; one that was named must be there. Never throws. */
export function loadConfigFile(env: Readonly<Record<string, string | undefined>>): ParsedFile {
  const path = configPath(env);
  try {
    const text = readFileSync(path, "utf8");
    return parseConfigFile(text, { path, isReadableByOthers: mayOthersRead(path) });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const isFine = code === "ENOENT" && !env["TARS_CONFIG"]?.trim();
    return {
      file: emptyFile(path),
      problems: isFine ? [] : [`${path}: the configuration file cannot be read (${code}).`],
    };
  }
}

/** Windows keeps no such bits: what it reports says nothing about who may read. */
const mayOthersRead = (path: string): boolean =>
  process.platform !== "win32" && (statSync(path).mode & OTHERS_MAY_READ) !== 0;
