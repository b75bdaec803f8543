#!/usr/bin/env node
/**
 * The `tars` command, for any Node from 18 on: finds a Node that can run it (24 or newer: this one, or the one that npm
 * installed into node_modules/.bin) and hands over to src/main.ts there. Plain JavaScript: it runs before any check.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED_MAJOR = 24;
const CONFIGURATION_EXIT = 78;

const here = dirname(realpathSync(fileURLToPath(import.meta.url)));
const main = join(here, "..", "src", "main.ts");

/** @param {string | undefined} version such as `v24.1.0` */
const isNewEnough = (version) => Number(/^v(\d+)\./.exec(version ?? "")?.[1] ?? 0) >= NEEDED_MAJOR;

/** The Node that npm put into a node_modules/.bin above this file, if it is new enough. */
function findNode() {
  const program = process.platform === "win32" ? "node.exe" : "node";
  for (let folder = here; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", ".bin", program);
    if (!existsSync(candidate)) continue;
    const { stdout } = spawnSync(candidate, ["--version"], { encoding: "utf8" });
    if (isNewEnough(stdout)) return candidate;
  }
  return undefined;
}

const node = isNewEnough(process.version) ? process.execPath : findNode();
if (node === undefined) {
  process.stderr.write(
    `tars needs Node ${NEEDED_MAJOR} or newer; this is ${process.version}. Run "npm ci" in the checkout (it brings one ` +
      "along), or install it from https://nodejs.org.\n",
  );
  process.exit(CONFIGURATION_EXIT);
}

// In a process group of its own: Ctrl-C at the terminal reaches only this process, which hands it on. So a broker that was
// started below does not end before the services that still need it.
const child = spawn(node, ["--conditions=ts-tars-source", main, ...process.argv.slice(2)], {
  stdio: ["inherit", "inherit", "inherit", "ipc"],
  detached: process.platform !== "win32",
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  process.stderr.write(`tars could not be started: ${error.message}\n`);
  process.exit(CONFIGURATION_EXIT);
});
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
