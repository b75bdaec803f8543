/**
 * `npm run verify`: everything that CI demands, one line per step with its time. A step that fails shows what it printed;
 * the others run all the same, so that one look shows everything there is to mend.
 */
import { spawn } from "node:child_process";

interface Step {
  readonly name: string;
  /** A program in node_modules/.bin, which `npm run` puts on the PATH, and its arguments. */
  readonly command: readonly [string, ...string[]];
}

const STEPS: readonly Step[] = [
  { name: "format and lint", command: ["biome", "check", "--error-on-warnings", "."] },
  { name: "types of packages", command: ["tsc", "-b"] },
  { name: "types of tests", command: ["tsc", "-p", "tsconfig.tests.json"] },
  { name: "structure", command: ["node", "tools/checks/run.ts"] },
  { name: "unused", command: ["knip"] },
  { name: "tests", command: ["vitest", "run"] },
];

let failures = 0;
for (const { name, command } of STEPS) {
  const startedAtMs = performance.now();
  const { isGreen, output } = await run(command);
  const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
  if (!isGreen) console.log(output);
  console.log(`${isGreen ? "ok    " : "FAILED"}  ${name.padEnd(18)} ${seconds.padStart(6)} s  ${noteOf(name, output)}`);
  if (!isGreen) failures += 1;
}
if (failures > 0) process.exitCode = 1;

async function run([program, ...args]: Step["command"]): Promise<{ isGreen: boolean; output: string }> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], shell: process.platform === "win32" });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  return { isGreen: code === 0, output };
}

/** What is worth knowing of a step that passed: why tests were skipped, the figures of the structure. */
function noteOf(name: string, output: string): string {
  const lines = output.trim().split("\n");
  if (name === "structure") return lines.slice(-2).join("; ");
  return name === "tests" ? lines.filter((line) => /^skipped: |passed, \d+ failed/.test(line)).join("\n        ") : "";
}
