/** What a package would publish, and what is wrong with that. Pure but for `packAll`, which runs `npm pack`. */
import { join } from "node:path";
import { run } from "./run.ts";

/** One tarball, as `npm pack --json` tells of it. */
export interface Packed {
  readonly name: string;
  readonly version: string;
  /** Absolute. */
  readonly tarball: string;
  /** Paths inside the package. */
  readonly files: readonly string[];
}

/** What a package.json says that a tarball must hold. */
export interface Manifest {
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const ALWAYS = ["package.json", "README.md", "LICENSE"];
const NEVER = /\.(test|test-d|fixture|conformance)\.|\.tsbuildinfo$|(^|\/)(examples|node_modules)\//;

/** Every reason why this tarball must not be published. */
export function faultsOf(files: readonly string[], { exports = {} }: Manifest): readonly string[] {
  const doors = Object.values(exports).flatMap((conditions) => Object.values(conditions));
  const needed = [...ALWAYS, ...doors.map((door) => door.replace(/^\.\//, ""))];
  return [
    ...needed.filter((path) => !files.includes(path)).map((path) => `${path} is missing`),
    ...files.filter((path) => NEVER.test(path)).map((path) => `${path} must not be in it`),
  ];
}

/** Packs workspaces of the repository at `root` into `folder`; they must have been built. */
export async function packAll(
  names: readonly string[],
  { root, folder }: { readonly root: string; readonly folder: string },
): Promise<readonly Packed[]> {
  const workspaces = names.flatMap((name) => ["--workspace", name]);
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder, ...workspaces];
  const { stdout } = await run("npm", args, { cwd: root });
  const results: readonly PackResult[] = JSON.parse(stdout);
  return results.map(({ name, version, filename, files }) => ({
    name,
    version,
    tarball: join(folder, filename),
    files: files.map(({ path }) => path),
  }));
}

interface PackResult {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}
