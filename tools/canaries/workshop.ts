/**
 * A copy of the checkout in a temporary directory, in which the product may be broken. Sources are copied; node_modules are
 * links to the original ones, except that `@ts-tars/*` leads to the copied packages.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const NOT_COPIED = new Set(["node_modules", "dist", "coverage", ".git", ".vitest"]);

/** Vite writes its cache below node_modules; the copy has its own. */
const NOT_LINKED = new Set(["@ts-tars", ".vite", ".vite-temp", ".vitest"]);

/** A copied checkout. Disposing of it removes the directory. */
export interface Workshop extends Disposable {
  readonly root: string;
  /** Replaces a file's text until the returned value is disposed of. */
  rewrite(file: string, change: (text: string) => string): Disposable;
}

/** Copies the checkout at `original`. */
export function openWorkshop(original: string): Workshop {
  const root = mkdtempSync(join(tmpdir(), "ts-tars-canaries-"));
  for (const name of readdirSync(original).filter((entry) => !NOT_COPIED.has(entry))) {
    cpSync(join(original, name), join(root, name), {
      recursive: true,
      filter: (from) => !NOT_COPIED.has(basename(from)) && !from.endsWith(".tsbuildinfo"),
    });
  }
  linkModules(original, root);
  for (const folder of packageFolders(original)) {
    const nested = join(original, folder, "node_modules");
    if (existsSync(nested)) symlinkSync(nested, join(root, folder, "node_modules"));
  }
  return {
    root,
    rewrite: (file, change) => rewrite(join(root, file), change),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

function linkModules(original: string, root: string): void {
  const from = join(original, "node_modules");
  const to = join(root, "node_modules");
  mkdirSync(join(to, "@ts-tars"), { recursive: true });
  for (const name of readdirSync(from).filter((entry) => !NOT_LINKED.has(entry))) {
    symlinkSync(join(from, name), join(to, name));
  }
  for (const folder of packageFolders(original)) {
    symlinkSync(join("..", "..", folder), join(to, "@ts-tars", basename(folder)));
  }
}

function packageFolders(original: string): readonly string[] {
  return ["packages", "services"].flatMap((parent) =>
    existsSync(join(original, parent)) ? readdirSync(join(original, parent)).map((name) => `${parent}/${name}`) : [],
  );
}

function rewrite(path: string, change: (text: string) => string): Disposable {
  const text = readFileSync(path, "utf8");
  writeFileSync(path, change(text));
  return { [Symbol.dispose]: () => writeFileSync(path, text) };
}
