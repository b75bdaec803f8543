/**
 * Makes a fresh clone ready: `prestart` and `pretest` run it, so that `npm start` and `npm test` are each the only command.
 *
 *   1. npm packages, when node_modules is missing or does not match package-lock.json; they bring Node 24 along
 *      (`node_modules/.bin/node`), which every `npm run` script then uses.
 *   2. system packages for the purpose, when this account may install them; otherwise the command is printed.
 *
 * Plain JavaScript for Node 18 and later and without dependencies: it runs before anything is installed. Says nothing when
 * there is nothing to do. Exit codes: 0 ready (missing system packages are named, not fatal), 1 no npm packages or no Node 24.
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureNodeModules } from "./bootstrap/node-modules.mjs";
import { ensureNodeVersion } from "./bootstrap/node-version.mjs";
import { ensureSystemPackages } from "./bootstrap/system-packages.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const purpose = process.argv.includes("test") ? "test" : "start";

/** @param {string} line */
const say = (line) => process.stderr.write(`bootstrap: ${line}\n`);

const isReady = ensureNodeModules({ root, say }) && ensureNodeVersion({ root, say });
if (isReady) ensureSystemPackages({ purpose, say });
else process.exitCode = 1;
