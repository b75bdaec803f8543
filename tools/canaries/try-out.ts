/** Runs the compiler and single tests in a workshop, as processes of their own. */
import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Canary, TestOutcome } from "./canary.ts";

/** A test of the loop takes seconds; what hangs longer is ended, and counts as not run. */
const RUN_LIMIT_MS = 120_000;

/** Vitest has joined the names of groups and test in both ways. */
const GROUP_BORDER = "( > | )";

/** The parts we read of Vitest's JSON report. */
interface Report {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

/** What the compiler says about the package a file belongs to, tests included; empty when nothing. */
export async function compile(root: string, file: string): Promise<string> {
  const folder = file.split("/").slice(0, 2).join("/");
  const project = join(root, `tsconfig.canary.${basename(folder)}.json`);
  // A program of its own from sources: a build with references would need everything emitted first. What it knows of the
  // files that no break touches is kept from one break to the next.
  const compilerOptions = { incremental: true, tsBuildInfoFile: `${project}.tsbuildinfo` };
  writeFileSync(
    project,
    JSON.stringify({ extends: "./tsconfig.tests.json", include: [`${folder}/src`], compilerOptions }),
  );
  const { code, output } = await run(root, "tsc", ["-p", project]);
  return code === 0 ? "" : output.trim() || `tsc ended with ${code}`;
}

/** Runs one test by its title and says how it ended. */
export async function runTest(root: string, { test, title }: Pick<Canary, "test" | "title">): Promise<TestOutcome> {
  const reportPath = join(root, "canary-report.json");
  rmSync(reportPath, { force: true });
  const pattern = `(^|\\s)${title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(" > ", GROUP_BORDER)}$`;
  const reporting = ["--reporter=json", `--outputFile=${reportPath}`];
  const { output } = await run(root, "vitest", ["run", test, "--testNamePattern", pattern, ...reporting]);
  try {
    return outcomeOf(JSON.parse(readFileSync(reportPath, "utf8")), title);
  } catch {
    return { kind: "not_run", why: output.trim().slice(-600) };
  }
}

function outcomeOf({ testResults }: Report, title: string): TestOutcome {
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  const ran = results.filter(
    (result) => isTitled(result, title) && result.status !== "skipped" && result.status !== "pending",
  );
  if (ran.length === 0) {
    return {
      kind: "not_run",
      why: testResults.map(({ message }) => message).join("\n") || `no test is titled "${title}"`,
    };
  }
  const messages = ran
    .filter(({ status }) => status === "failed")
    .flatMap(({ failureMessages }) => failureMessages ?? []);
  return ran.some(({ status }) => status === "failed") ? { kind: "failed", messages } : { kind: "passed" };
}

/** By its own title, or behind the titles of its groups: `the client > settles`. */
function isTitled(
  result: { readonly ancestorTitles: readonly string[]; readonly title: string },
  title: string,
): boolean {
  return ` > ${[...result.ancestorTitles, result.title].join(" > ")}`.endsWith(` > ${title}`);
}

function run(root: string, program: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  const path = join(root, "node_modules", ".bin", program);
  return new Promise((resolve) => {
    execFile(path, args, { cwd: root, timeout: RUN_LIMIT_MS, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
    });
  });
}
