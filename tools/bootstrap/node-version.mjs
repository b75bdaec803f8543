/** Makes sure that scripts will run under Node 24: from node_modules/.bin, or because this one is new enough. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const NEEDED_MAJOR = 24;

/**
 * @param {string} version as `process.version` gives it: `v24.21.0`
 * @returns {boolean} whether the robot runs on it
 */
export function isNewEnough(version) {
  return Number(/^v(\d+)\./.exec(version)?.[1] ?? 0) >= NEEDED_MAJOR;
}

/**
 * @param {{ root: string, say: (line: string) => void }} world
 * @returns {boolean} whether `npm run` scripts will find a fit Node
 */
export function ensureNodeVersion({ root, say }) {
  // Under npm the PATH begins with node_modules/.bin, so on every run but the first this already is the Node from npm.
  if (isNewEnough(process.version)) return true;
  const local = join(root, "node_modules", ".bin", "node");
  const { stdout } = spawnSync(local, ["--version"], { encoding: "utf8", shell: process.platform === "win32" });
  if (isNewEnough(stdout ?? "")) return true;
  say(
    `Node ${NEEDED_MAJOR} or later is needed and this is ${process.version}; npm has no binary of it that runs on ` +
      `${process.platform} ${process.arch}. Install it from nodejs.org, then run the same command again.`,
  );
  return false;
}
