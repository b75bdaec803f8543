/** Somebody who has nothing of this repository but its tarballs: an empty folder, an installation, a strict compiler. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Packed } from "./packed.ts";
import { run } from "./run.ts";

/** Beside what makes types strict: declarations are checked too, so that ours stand on their own. */
const COMPILER_OPTIONS = {
  target: "es2024",
  lib: ["es2024", "esnext.disposable"],
  module: "nodenext",
  types: ["node"],
  outDir: "built",
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitReturns: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
};

/** Installs the tarballs and, by name and version from the registry, the libraries. */
export async function install(
  folder: string,
  {
    tarballs,
    libraries,
  }: { readonly tarballs: readonly Packed[]; readonly libraries: Readonly<Record<string, string>> },
): Promise<void> {
  const ours = Object.fromEntries(tarballs.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const manifest = { name: "stranger", private: true, type: "module", dependencies: { ...ours, ...libraries } };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ["*.ts"] }),
  );
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], { cwd: folder });
}

/**
 * Type-checks and compiles what lies in the folder, into `built`. @returns what is wrong with the programs or with our declarations.
 */
export async function compile(folder: string): Promise<readonly string[]> {
  const tsc = join("node_modules", "typescript", "bin", "tsc");
  const { code, stdout } = await run(process.execPath, [tsc], { cwd: folder, anyCode: "allowed" });
  return code === 0 ? [] : complaintsOf(stdout);
}

/**
 * Without those about other people's libraries: declarations below MQTT.js speak of a browser's workers, which a Node program
 * without the library "dom" does not know.
 */
export function complaintsOf(output: string): readonly string[] {
  const lines = output.split("\n").filter((line) => /^\S/.test(line)); // what explains a complaint is indented
  return lines.filter((line) => !line.startsWith("node_modules/") || line.startsWith("node_modules/@ts-tars/"));
}
