/** Everything the checks look at, read once. The checks themselves are pure functions over it. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSource, type Source } from "./source.ts";

/** A text file that is not parsed. */
export interface Doc {
  readonly path: string;
  readonly text: string;
}

/** The repository as the checks see it; paths from its root, with forward slashes. */
export interface World {
  readonly sources: readonly Source[];
  readonly docs: readonly Doc[];
  /** Every file and folder, so that a link can be followed. */
  readonly paths: ReadonlySet<string>;
  /** What our packages export: `@ts-tars/mqtt` → `packages/mqtt/src/index.ts`. */
  readonly doors: ReadonlyMap<string, string>;
}

const SKIPPED_FOLDERS = new Set(["node_modules", "dist", "coverage", ".git", ".vitest"]);

/** Reads and parses the repository at `root`. */
export function readWorld(root: string): World {
  const paths = [...list(root, "")];
  const read = (path: string): Doc => ({ path, text: readFileSync(join(root, path), "utf8") });
  const named = (pattern: RegExp) => paths.filter((path) => pattern.test(path)).map(read);
  return {
    sources: named(/\.(ts|tsx|mts|mjs)$/).map(({ path, text }) => parseSource(path, text)),
    docs: named(/\.md$/),
    paths: new Set(paths),
    doors: new Map(named(/^(packages|services)\/[^/]+\/package\.json$/).flatMap(doorsOf)),
  };
}

/** The doors of one package, from the `exports` of its package.json. */
export function doorsOf({ path, text }: Doc): readonly (readonly [string, string])[] {
  const manifest: { name: string; exports?: Record<string, { "ts-tars-source"?: string }> } = JSON.parse(text);
  return Object.entries(manifest.exports ?? {}).flatMap(([subpath, conditions]) => {
    const file = conditions["ts-tars-source"];
    return file === undefined ? [] : [[posix.join(manifest.name, subpath), posix.join(posix.dirname(path), file)]];
  });
}

function* list(root: string, folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (SKIPPED_FOLDERS.has(entry.name) || entry.isSymbolicLink()) continue;
    const path = posix.join(folder, entry.name);
    yield path;
    if (entry.isDirectory()) yield* list(root, path);
  }
}
