/** Checks the programs that npm cannot bring, and installs their packages where this account may do so. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * @typedef {"start" | "test"} Purpose
 * @typedef {{ program: string, apt: string, brew: string, purposes: readonly Purpose[] }} Requirement
 * @typedef {object} Facts
 * @property {readonly string[]} missing programs that were not found
 * @property {boolean} isForbidden TARS_NO_SYSTEM_INSTALL is set
 * @property {"apt" | "brew" | "none"} installer
 * @property {"root" | "sudo" | "none"} rights `sudo` only without a password and only in CI
 * @typedef {{ kind: "nothing" }
 *   | { kind: "install", installer: "apt" | "brew", packages: string[], withSudo: boolean }
 *   | { kind: "advise", command: string }} Plan
 */

/** @type {readonly Requirement[]} */
const REQUIREMENTS = [
  { program: "mosquitto", apt: "mosquitto", brew: "mosquitto", purposes: ["start", "test"] },
  { program: "mosquitto_sub", apt: "mosquitto-clients", brew: "mosquitto", purposes: ["test"] },
  { program: "openssl", apt: "openssl", brew: "openssl", purposes: ["test"] },
];

/** Where Debian and Homebrew put daemons; an ordinary account has none of these on its PATH. */
const DAEMON_DIRECTORIES = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin", "/opt/homebrew/bin"];

/**
 * What to do about what is missing. Pure.
 *
 * @param {Facts} facts
 * @returns {Plan}
 */
export function planInstall({ missing, isForbidden, installer, rights }) {
  if (missing.length === 0) return { kind: "nothing" };
  const wanted = REQUIREMENTS.filter(({ program }) => missing.includes(program));
  const packages = [...new Set(wanted.map((requirement) => requirement[installer === "brew" ? "brew" : "apt"]))];
  const names = packages.join(" ");
  // Homebrew refuses to run as root and needs no rights.
  if (installer === "brew") {
    return isForbidden
      ? { kind: "advise", command: `brew install ${names}` }
      : { kind: "install", installer, packages, withSudo: false };
  }
  const command = `${rights === "root" ? "" : "sudo "}apt-get install -y --no-install-recommends ${names}`;
  if (installer === "none") return { kind: "advise", command: `your system's way to install: ${names}` };
  if (isForbidden || rights === "none") return { kind: "advise", command };
  return { kind: "install", installer, packages, withSudo: rights === "sudo" };
}

/**
 * Debian starts a service as soon as its package is there; a broker of the system on port 1883 is not what was asked for.
 * policy-rc.d is Debian's way to say so; `systemctl disable` keeps it from coming up at the next boot. A package list that is
 * empty or out of date fails at once, and only then is it worth fetching. `$@` are the packages.
 */
const APT_SCRIPT = `
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\\nexit 101\\n' >"$policy" && chmod 755 "$policy" || exit 1
fi
get() { apt-get -q -o DPkg::Lock::Timeout=60 "$@"; }
get install -y --no-install-recommends "$@" || { get update && get install -y --no-install-recommends "$@"; } || exit 1
case " $* " in *" mosquitto "*) systemctl disable --quiet mosquitto 2>/dev/null || true ;; esac
`;

/**
 * @param {{ purpose: Purpose, say: (line: string) => void }} world
 */
export function ensureSystemPackages({ purpose, say }) {
  const missing = REQUIREMENTS.filter(({ purposes }) => purposes.includes(purpose))
    .map(({ program }) => program)
    .filter((program) => !isInstalled(program));
  if (missing.length === 0) return;
  const plan = planInstall({ missing, ...systemFacts() });
  if (plan.kind === "install") install(plan, say);
  if (plan.kind === "advise")
    say(`not installed: ${missing.join(", ")}. ${consequence(purpose)} To install: ${plan.command}`);
}

/** @param {Purpose} purpose */
function consequence(purpose) {
  return purpose === "start" ? "The robot runs with its embedded broker instead." : "Tests that need them will fail.";
}

/** @param {string} program */
function isInstalled(program) {
  const directories = [...(process.env["PATH"] ?? "").split(delimiter), ...DAEMON_DIRECTORIES];
  const suffix = process.platform === "win32" ? ".exe" : "";
  return directories.some((directory) => directory !== "" && existsSync(join(directory, program + suffix)));
}

/** @returns {Omit<Facts, "missing">} */
function systemFacts() {
  const isForbidden = Boolean(process.env["TARS_NO_SYSTEM_INSTALL"]);
  const installer = isInstalled("apt-get") ? "apt" : isInstalled("brew") ? "brew" : "none";
  if (process.getuid?.() === 0) return { isForbidden, installer, rights: "root" };
  const maySudo = Boolean(process.env["CI"]) && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
  return { isForbidden, installer, rights: maySudo ? "sudo" : "none" };
}

/**
 * @param {Extract<Plan, { kind: "install" }>} plan
 * @param {(line: string) => void} say
 */
function install({ installer, packages, withSudo }, say) {
  say(`installing ${packages.join(", ")} with ${installer}, once (TARS_NO_SYSTEM_INSTALL=1 prevents it) …`);
  const command =
    installer === "brew" ? ["brew", "install", ...packages] : ["sh", "-c", APT_SCRIPT, "bootstrap", ...packages];
  const [program = "", ...args] = withSudo ? ["sudo", "-n", ...command] : command;
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  if (status === 0) return;
  process.stderr.write(lastLines(`${stdout ?? ""}${stderr ?? ""}`, 15));
  say(`${installer} could not install ${packages.join(", ")}; its last words are above. Going on without.`);
}

/**
 * @param {string} text
 * @param {number} count
 */
function lastLines(text, count) {
  return `${text.trimEnd().split("\n").slice(-count).join("\n")}\n`;
}
