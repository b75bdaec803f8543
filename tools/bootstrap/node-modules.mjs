/**
 * Brings node_modules in line with package-lock.json, only when they differ.
 *
 * `npm install --no-save` and not `npm ci`: it takes the same locked versions, but `ci` also refuses a lock file that was
 * written where the registry had not every platform's build of an optional package (docs/decisions/0003).
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @typedef {Readonly<Record<string, unknown>>} LockEntry one value of `packages` in a lock file
 * @typedef {Readonly<Record<string, LockEntry>>} LockEntries
 */

/**
 * The packages that the lock file asks for and the installed tree lacks or has otherwise. Optional packages do not count:
 * npm leaves out those of other platforms.
 *
 * @param {LockEntries} locked `packages` of package-lock.json
 * @param {LockEntries} installed `packages` of node_modules/.package-lock.json, which npm writes last
 * @returns {string[]}
 */
export function stalePackages(locked, installed) {
  return Object.entries(locked)
    .filter(([path, entry]) => path !== "" && !entry["optional"] && !entry["devOptional"])
    .filter(([path, entry]) => !isSamePackage(entry, installed[path]))
    .map(([path]) => path);
}

/**
 * @param {LockEntry} locked
 * @param {LockEntry | undefined} installed
 */
function isSamePackage(locked, installed) {
  if (installed === undefined) return false;
  // `resolved` of a registry package depends on npm's settings; of a link it is the folder.
  const fields = locked["link"] ? ["link", "resolved"] : ["version", "integrity", "bin"];
  return fields.every((field) => JSON.stringify(locked[field]) === JSON.stringify(installed[field]));
}

/**
 * What a person can do about a failed `npm install`.
 *
 * @param {string} stderr
 */
export function explainNpmFailure(stderr) {
  if (/\b(ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ENETUNREACH|ENOTCACHED)\b/.test(stderr)) {
    return "The package registry cannot be reached. Check the network or the proxy (`npm config get registry`), then run the same command again.";
  }
  if (/\b(EACCES|EPERM|EROFS)\b/.test(stderr)) {
    return "npm may not write here. Check who owns the checkout and ~/.npm, then run the same command again.";
  }
  if (/\bENOSPC\b/.test(stderr)) return "The disk is full. Free about 500 MB, then run the same command again.";
  return "npm's own message above says why. After mending it, run the same command again.";
}

/**
 * @param {{ root: string, say: (line: string) => void }} world
 * @returns {boolean} whether node_modules now matches the lock file
 */
export function ensureNodeModules({ root, say }) {
  const locked = readPackages(join(root, "package-lock.json"));
  const installed = readPackages(join(root, "node_modules", ".package-lock.json"));
  if (locked === undefined) {
    say("package-lock.json is missing or unreadable. Restore it: `git checkout package-lock.json`.");
    return false;
  }
  if (installed !== undefined && stalePackages(locked, installed).length === 0) return true;
  say(
    installed === undefined
      ? "installing npm packages, once …"
      : "npm packages differ from package-lock.json, installing …",
  );
  const stderr = npmInstall(root);
  if (stderr === undefined) return true;
  say(`npm install failed. ${explainNpmFailure(stderr)}`);
  return false;
}

/**
 * @param {string} path
 * @returns {LockEntries | undefined}
 */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined; // Missing, or cut off by an interrupted install: either way it says nothing about what is there.
  }
}

/**
 * @param {string} root
 * @returns {string | undefined} what npm printed to stderr when it failed
 */
function npmInstall(root) {
  // EBADENGINE warnings are expected: this very install brings the Node version they ask for.
  const args = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = process.env["npm_execpath"]; // the npm that runs us, which need not be the one on the PATH
  const [command, commandArgs] = npm?.endsWith("js") ? [process.execPath, [npm, ...args]] : ["npm", args];
  const { status, stderr, error } = spawnSync(command, commandArgs, {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32" && command === "npm",
    stdio: ["ignore", "inherit", "pipe"],
  });
  // The reason comes first; behind it npm may print a page of usage.
  for (const line of (stderr ?? "").split("\n").slice(0, 20)) if (line !== "") process.stderr.write(`${line}\n`);
  return status === 0 ? undefined : `${stderr ?? ""}${error?.message ?? ""}`;
}
