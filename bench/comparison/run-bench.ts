/** What both benches do with their cases: measure, print, keep, look back, decide. */
import { randomInt } from "node:crypto";
import { resolve } from "node:path";
import { drawText } from "../ends/payload.ts";
import { rollDice } from "../scorecard/dice.ts";
import type { BenchCase } from "./bench-case.ts";
import { changesSince, describeChanges } from "./changes.ts";
import { type Command, readCommand, usageOf } from "./command-line.ts";
import { type CaseReport, compare, type Pairs } from "./compare.ts";
import { describeReport, missedBars } from "./print.ts";
import { keepResult, lookAround, readEarlier } from "./results.ts";
import { UsageError } from "./usage.ts";

export interface Bench {
  /** As its results are named. */
  readonly name: string;
  /** As `npm run` has it. */
  readonly script: string;
  readonly cases: readonly BenchCase[];
}

const FULL: Pairs & { readonly scale: number } = { pairCount: 8, samePairCount: 2, scale: 1 };
const QUICK: typeof FULL = { pairCount: 2, samePairCount: 1, scale: 0.1 };
const RESULTS = resolve(import.meta.dirname, "../results");

/** A case that could not be measured. */
interface Failed {
  readonly case: string;
  readonly reason: string;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Runs what the arguments ask for, and sets the exit code. */
export async function runBench(bench: Bench, args: readonly string[]): Promise<void> {
  const interruption = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => interruption.abort(new Error(`Interrupted by ${name}.`)));
  }
  try {
    const command = readCommand(
      args,
      bench.cases.map(({ name }) => name),
    );
    const { missed, failed } = await runCases(bench, { command, signal: interruption.signal });
    if (failed.length > 0 || (command.check && missed.length > 0)) process.exitCode = 1;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    say(isUsage ? `${error.message}\n\n${usageOf(bench.script)}` : describeFailure(error));
    process.exitCode = isUsage ? 2 : 1;
  }
}

async function runCases(
  bench: Bench,
  { command, signal }: { readonly command: Command; readonly signal: AbortSignal },
): Promise<{ readonly missed: readonly string[]; readonly failed: readonly Failed[] }> {
  const seed = command.seed ?? randomInt(2 ** 32);
  const surroundings = lookAround();
  const form = command.quick ? QUICK : FULL;
  const deps = {
    ...form,
    pairCount: command.pairs ?? form.pairCount,
    text: drawText(rollDice(seed)),
    signal,
    onProgress: say,
  };
  const print = (text: string): void => void (command.json || process.stdout.write(`${text}\n`));
  print(`${bench.name}, seed ${seed}, ${surroundings.machine.cpu}, ${surroundings.machine.cores} cores`);
  const cases: CaseReport[] = [];
  const failed: Failed[] = [];
  for (const chosen of bench.cases.filter(({ name }) => command.cases.includes(name))) {
    try {
      const report = await compare(chosen, deps);
      cases.push(report);
      print(`\n${describeReport(report)}`);
    } catch (error) {
      signal.throwIfAborted();
      // The figures of the other cases are worth keeping.
      failed.push({ case: chosen.name, reason: error instanceof Error ? error.message : String(error) });
      say(`${chosen.name} failed: ${describeFailure(error)}`);
    }
  }
  const missed = missedBars(cases);
  const result = { bench: bench.name, ...surroundings, seed, isQuick: command.quick, missed, failed, cases };
  const folder = resolve(command.results ?? RESULTS);
  const earlier = readEarlier(folder, { machine: surroundings.machine.name, isQuick: command.quick });
  if (earlier.length > 0) print(`\n${describeChanges(changesSince(earlier, cases))}`);
  print(`\nkept as ${keepResult(folder, result)}`);
  print(missed.length === 0 ? "every bar that was measured is met" : ["missed:", ...missed].join("\n  "));
  if (command.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return { missed, failed };
}

function describeFailure(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
