/**
 * Whether a stranger can do what `packages/mqtt/README.md` shows: the packages are built, packed and installed into an empty
 * folder; every `ts` block is type-checked there strictly, run against a fresh Mosquitto, and has to print what the README says.
 * The ten lines have to echo what `mosquitto_pub` sends.
 *
 *   npm run accept:readme                     on this Node, and on the oldest one that the client supports
 *   npm run accept:readme -- --keep           leaves the folder, and prints where it is
 *   npm run accept:readme -- --only worker.ts
 *
 * Needs Mosquitto, its client programs and npm's registry. Exit code 1 when anything does not hold, 2 when something is missing.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findMosquitto } from "@ts-tars/broker";
import { type Block, readBlocks } from "./readme/blocks.ts";
import { oldestNode } from "./readme/oldest-node.ts";
import { faultsOf, packAll } from "./readme/packed.ts";
import { talkToParrot } from "./readme/parrot.ts";
import { run } from "./readme/run.ts";
import { runBlock } from "./readme/run-block.ts";
import { compile, install } from "./readme/stranger.ts";
import { openChecks } from "./support/checks.ts";

const ROOT = join(import.meta.dirname, "..");
const PACKAGES = ["mqtt", "broker", "harness", "testing"];
/** What the README tells its reader to install, and what checks types. */
const LIBRARIES = ["zod", "typescript", "@types/node"];

const { values: options } = parseArgs({ options: { keep: { type: "boolean" }, only: { type: "string" } } });
const write = (line: string): void => void process.stdout.write(`${line}\n`);
const checks = openChecks(write);

const missing = await whatIsMissing();
if (missing.length > 0) {
  for (const line of missing) write(line);
  process.exitCode = 2;
} else {
  const folder = await mkdtemp(join(tmpdir(), "ts-tars-readme-"));
  try {
    await accept(folder);
  } finally {
    if (options.keep === true) write(`kept: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
  process.exitCode = checks.failures() === 0 ? 0 : 1;
}

async function accept(folder: string): Promise<void> {
  const markdown = await readFile(join(ROOT, "packages/mqtt/README.md"), "utf8");
  const blocks = readBlocks(markdown).filter(({ file }) => options.only === undefined || options.only === file);
  checks.check("the README has programs", blocks.length > 0, `${blocks.length}`);

  const tarballs = await packages(folder);
  const stranger = join(folder, "stranger");
  await install(stranger, { tarballs, libraries: await librariesOfRoot() });
  await Promise.all(blocks.map(({ file, code }) => writeFile(join(stranger, file), code)));
  const complaints = await compile(stranger);
  checks.check("every program passes the strict compiler", complaints.length === 0, complaints.join("\n"));
  if (complaints.length > 0) return;

  await runAll(blocks, { folder: stranger, node: process.execPath });
  const oldest = await oldestNode(join(folder, "oldest-node"));
  if (oldest === undefined) return write("skipped: the oldest Node, which npm has for Linux only");
  // What tests import is for developers, and asks for the Node of this repository.
  await runAll(
    blocks.filter(({ file }) => !file.endsWith(".test.ts")),
    { folder: stranger, node: oldest },
  );
}

async function packages(folder: string) {
  const tarballFolder = join(folder, "tarballs");
  await mkdir(tarballFolder);
  await run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-b"], { cwd: ROOT });
  const names = PACKAGES.map((name) => `@ts-tars/${name}`);
  const tarballs = await packAll(names, { root: ROOT, folder: tarballFolder });
  for (const { name, files } of tarballs) {
    const manifest = await readFile(join(ROOT, "packages", name.replace("@ts-tars/", ""), "package.json"), "utf8");
    const faults = faultsOf(files, JSON.parse(manifest));
    checks.check(`${name} can be published`, faults.length === 0, faults.join(", ") || `${files.length} files`);
  }
  return tarballs;
}

async function runAll(blocks: readonly Block[], { folder, node }: { folder: string; node: string }): Promise<void> {
  const { stdout } = await run(node, ["--version"], { cwd: folder });
  for (const block of blocks) {
    const faults = await runBlock(block, { folder, node, meanwhile: talkToParrot });
    checks.check(
      `Node ${stdout.trim()}: ${block.file} does what the README says`,
      faults.length === 0,
      faults.join("\n"),
    );
  }
}

async function librariesOfRoot(): Promise<Readonly<Record<string, string>>> {
  const { devDependencies }: { readonly devDependencies: Readonly<Record<string, string>> } = JSON.parse(
    await readFile(join(ROOT, "package.json"), "utf8"),
  );
  return Object.fromEntries(LIBRARIES.map((name) => [name, devDependencies[name] ?? "latest"]));
}

async function whatIsMissing(): Promise<readonly string[]> {
  const clients = await run("mosquitto_pub", ["--help"], { cwd: ROOT, anyCode: "allowed" }).catch(() => undefined);
  return [
    ...((await findMosquitto()) === undefined ? ["Mosquitto is missing: sudo apt-get install -y mosquitto"] : []),
    ...(clients === undefined ? ["mosquitto_pub is missing: sudo apt-get install -y mosquitto-clients"] : []),
  ];
}
