/** Runs the scorecard in a copy of the checkout in which one rule of our client is broken. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { applyBreak } from "../../../tools/canaries/canary.ts";
import { openWorkshop } from "../../../tools/canaries/workshop.ts";
import type { Figures } from "../figures.ts";
import type { CaseReport } from "../report.ts";
import { type BreakRule, breakRules, canaryOf } from "./break-rules.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const CASE = "mixed-faults";

/** What a broken rule did to the figures. */
export interface BreakReport {
  readonly rule: BreakRule;
  /** The one that cannot stay at zero, over all columns of ours. */
  readonly figure: keyof Figures;
  readonly value: number;
  /** All bars that were missed, with their values. */
  readonly missed: Readonly<Record<string, number>>;
  readonly isNoticed: boolean;
}

/** How the broken client is run. */
export interface BreakOptions {
  readonly seed: number;
  readonly form: "long" | "short";
  readonly runs: number | undefined;
  readonly signal: AbortSignal;
}

/** Breaks it, runs it, and says what the scorecard saw. @throws {Error} when the run did not come to its end. */
export async function tryBreak(rule: BreakRule, options: BreakOptions): Promise<BreakReport> {
  const canary = canaryOf(rule);
  using workshop = openWorkshop(ROOT);
  using _broken = workshop.rewrite(canary.file, (source) => applyBreak(source, canary));
  const report = await runIn(workshop.root, options);
  const ours = report.columns.filter(({ client }) => client === "ours");
  const { figure } = breakRules[rule];
  const value = ours.reduce((sum, { figures }) => sum + figures[figure], 0);
  const missed: Record<string, number> = {};
  for (const { bar, value: seen } of ours.flatMap(({ bars }) => bars.filter(({ isMet }) => !isMet))) {
    missed[bar.figure] = (missed[bar.figure] ?? 0) + seen;
  }
  return { rule, figure, value, missed, isNoticed: value > 0 };
}

async function runIn(root: string, { seed, form, runs, signal }: BreakOptions): Promise<CaseReport> {
  const child = spawn(
    process.execPath,
    [
      ...["--conditions=ts-tars-source", "bench/scorecard/scorecard.ts", "--json", "--case", CASE, "--seed", `${seed}`],
      ...(form === "short" ? ["--short"] : []),
      ...(runs === undefined ? [] : ["--runs", `${runs}`]),
    ],
    { cwd: root, stdio: ["ignore", "pipe", "inherit"], signal },
  );
  const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
  if (output === "") throw new Error("The broken scorecard did not come to its end; what it said stands above.");
  const document: { readonly cases: readonly CaseReport[] } = JSON.parse(output);
  const report = document.cases[0];
  if (report === undefined) throw new Error("The broken scorecard reported nothing.");
  return report;
}
