import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { namesOf, rename } from "./names.ts";

const TEMPLATE = join(import.meta.dirname, "template");

/** Packages that every service builds on; tests use the harness as well. */
const OURS = ["contracts", "mqtt", "service"];

/**
 * Writes `services/<name>` into the repository at `root`, registers it with the compiler, and returns its folder.
 *
 * @throws {Error} when the name is no service name, or taken.
 */
export function createService(root: string, name: string): string {
  const names = namesOf(name);
  const folder = `services/${name}`;
  const target = join(root, folder);
  if (existsSync(target)) throw new Error(`${folder} exists. Choose another name.`);
  cpSync(TEMPLATE, target, { recursive: true });
  for (const file of readdirSync(target, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    writeFileSync(path, rename(readFileSync(path, "utf8"), names));
    renameSync(path, join(file.parentPath, rename(file.name, names)));
  }
  writeJson(join(target, "package.json"), manifestOf(root, name));
  writeJson(join(target, "tsconfig.json"), projectOf());
  addReference(join(root, "tsconfig.json"), folder);
  format(root, [folder, "tsconfig.json"]);
  return folder;
}

function manifestOf(root: string, name: string): object {
  const { version, license, engines } = readJson(join(root, "package.json"));
  const dependencies = OURS.map((ours) => [
    `@ts-tars/${ours}`,
    readJson(join(root, "packages", ours, "package.json"))["version"],
  ]);
  return {
    name: `@ts-tars/${name}`,
    version,
    description: "Counts the robot's answers.",
    license,
    type: "module",
    engines,
    exports: {
      ".": { "ts-tars-source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" },
    },
    dependencies: Object.fromEntries(dependencies),
  };
}

function projectOf(): object {
  return {
    extends: "../../tsconfig.base.json",
    compilerOptions: { rootDir: "src", outDir: "dist" },
    include: ["src"],
    exclude: ["test", "test-d", "fixture", "conformance"].map((suffix) => `src/**/*.${suffix}.ts`),
    references: OURS.map((ours) => ({ path: `../../packages/${ours}` })),
  };
}

function addReference(path: string, folder: string): void {
  const project = readJson(path);
  const references = Array.isArray(project["references"]) ? project["references"] : [];
  writeJson(path, { ...project, references: [...references, { path: folder }] });
}

/** The formatter has its own idea of short lists. */
function format(root: string, paths: readonly string[]): void {
  const biome = join(root, "node_modules", ".bin", "biome");
  execFileSync(biome, ["format", "--write", "--vcs-enabled=false", "--log-level=error", ...paths], {
    cwd: root,
    stdio: "ignore",
  });
}

function readJson(path: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(path, "utf8"));
}

function writeJson(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
