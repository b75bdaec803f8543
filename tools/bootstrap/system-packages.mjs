/** Checks the programs that npm cannot bring, and installs their packages where this account may do so. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * @typedef {"start" | "test"} Purpose
 * @typedef {object} Requirement
 * @property {readonly string[]} any programs or files: one of them is enough
 * @property {string} [apt] names of the packages that bring it; absent: there is none
 * @property {string} [brew]
 * @property {readonly Purpose[]} purposes
 * @property {string} without what the robot is without it
 * @typedef {object} Facts
 * @property {readonly string[]} missing the first name of each requirement that was not found
 * @property {boolean} isForbidden TARS_NO_SYSTEM_INSTALL is set
 * @property {"apt" | "brew" | "none"} installer
 * @property {"root" | "sudo" | "none"} rights `sudo` only without a password and only in CI
 * @typedef {{ kind: "nothing" }
 *   | { kind: "install", installer: "apt" | "brew", packages: string[], withSudo: boolean }
 *   | { kind: "advise", command: string }} Plan
 */

/** @type {readonly Requirement[]} */
const REQUIREMENTS = [
  {
    any: ["mosquitto"],
    apt: "mosquitto",
    brew: "mosquitto",
    purposes: ["start", "test"],
    without: "the embedded broker is used",
  },
  { any: ["mosquitto_sub"], apt: "mosquitto-clients", brew: "mosquitto", purposes: ["test"], without: "" },
  { any: ["nats-server"], apt: "nats-server", brew: "nats-server", purposes: ["test"], without: "" },
  { any: ["openssl"], apt: "openssl", brew: "openssl", purposes: ["test"], without: "" },
  {
    any: ["espeak-ng"],
    apt: "espeak-ng",
    brew: "espeak-ng",
    purposes: ["start", "test"],
    without: "it has no voice",
  },
  {
    // The library is loaded, not run; these programs come with it, in its two generations.
    any: ["pocketsphinx_continuous", "pocketsphinx"],
    apt: "pocketsphinx pocketsphinx-en-us",
    purposes: ["start", "test"],
    without: "it does not understand speech",
  },
  {
    any: ["arecord"],
    apt: "alsa-utils",
    purposes: ["start", "test"],
    without: "it has neither ears nor a mouth on ALSA",
  },
  { any: ["parec"], apt: "pulseaudio-utils", purposes: ["start", "test"], without: "nor on PulseAudio or PipeWire" },
  { any: ["flite"], apt: "flite", brew: "flite", purposes: ["test"], without: "" },
  { any: ["pulseaudio"], apt: "pulseaudio", purposes: ["test"], without: "" },
  { any: ["sox"], apt: "sox", brew: "sox", purposes: ["test"], without: "" },
  { any: ["ffmpeg"], apt: "ffmpeg", brew: "ffmpeg", purposes: ["test"], without: "" },
  { any: ["chromium"], apt: "chromium", purposes: ["test"], without: "" },
];

/** The name by which a requirement is called missing. @param {Requirement} requirement */
const nameOf = ({ any }) => any[0] ?? "";

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
  const wanted = REQUIREMENTS.filter((requirement) => missing.includes(nameOf(requirement)));
  const packages = [
    ...new Set(wanted.flatMap(({ apt = "", brew = "" }) => (installer === "brew" ? brew : apt).split(" "))),
  ].filter((name) => name !== "");
  if (packages.length === 0) return { kind: "nothing" };
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
 * empty or out of date fails at once, and only then is it worth fetching. A package that a distribution lacks must not take the
 * others with it. `$@` are the packages.
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
add() { get install -y --no-install-recommends "$@"; }
failed=0
add "$@" || { get update && add "$@"; } || for one in "$@"; do add "$one" || failed=1; done
for daemon in mosquitto nats-server; do
  case " $* " in *" $daemon "*) systemctl disable --quiet "$daemon" 2>/dev/null || true ;; esac
done
exit $failed
`;

/**
 * @param {{ purpose: Purpose, say: (line: string) => void }} world
 */
export function ensureSystemPackages({ purpose, say }) {
  const wanted = REQUIREMENTS.filter(({ purposes }) => purposes.includes(purpose));
  const absent = wanted.filter(({ any }) => !any.some(isInstalled));
  if (absent.length === 0) return;
  const missing = absent.map(nameOf);
  const plan = planInstall({ missing, ...systemFacts() });
  if (plan.kind === "install") install(plan, say);
  if (plan.kind === "advise")
    say(`not installed: ${missing.join(", ")}. ${consequence(purpose, absent)} To install: ${plan.command}`);
}

/**
 * @param {Purpose} purpose
 * @param {readonly Requirement[]} absent
 */
function consequence(purpose, absent) {
  if (purpose === "test") return "Tests that need them will fail.";
  return `The robot runs all the same: ${absent.map(({ without }) => without).join(", ")}.`;
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
