/**
 * `npm run scorecard`: what becomes of messages under a seeded schedule of faults, counted from the record of every packet.
 * docs/scorecard.md says what is counted and how.
 */
import { randomInt } from "node:crypto";
import { accessSync, constants } from "node:fs";
import { UsageError } from "../comparison/usage.ts";
import { isTime } from "./bars.ts";
import { type BreakReport, tryBreak } from "./breaks/try-break.ts";
import { type Command, readCommand, USAGE } from "./command-line.ts";
import { rollDice } from "./dice.ts";
import { knownCases } from "./known-cases.ts";
import { describeBreak, describeFault, describeReport, describeSelfCheck } from "./print.ts";
import type { CaseReport } from "./report.ts";
import { runCase } from "./run-case.ts";
import { planFaults } from "./schedule.ts";
import type { ColumnPlan, ScorecardCase } from "./scorecard-case.ts";
import { checkLedger } from "./self-check.ts";

/** Beyond this a time says little, and a missed bar on one is tried again, once. */
const MAX_LATENESS_MS = 20;

/** Linux. What is written there never reaches a disk. */
const MEMORY_FOLDER = "/dev/shm";

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(command: Command, signal: AbortSignal): Promise<boolean> {
  const seed = command.seed ?? randomInt(2 ** 32);
  if (command.selfCheck) {
    const checks = checkLedger(seed);
    console.log(command.json ? JSON.stringify({ seed, selfCheck: checks }, null, 2) : describeSelfCheck(checks));
    return checks.every(({ passed }) => passed);
  }
  if (command.breaks.length > 0) return tryBreaks({ command, seed, signal });
  const reports: CaseReport[] = [];
  for (const chosen of chooseCases(command)) {
    const report = await runWithRepeat(chosen, { command, seed, signal });
    reports.push(report);
    if (!command.json) console.log(`\n${describeReport(report)}`);
  }
  if (command.json) console.log(JSON.stringify({ seed, cases: reports }, null, 2));
  return reports.every(({ passed }) => passed);
}

interface RunDeps {
  readonly command: Command;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Those that were named; otherwise all that there are in this form. @throws {UsageError} when one has no short form. */
function chooseCases({ cases, form }: Command): readonly ScorecardCase[] {
  const named = knownCases.filter(({ name }) => cases?.includes(name) ?? true);
  if (form === "long") return named;
  const short = named.filter((each) => each.short !== undefined);
  if (cases !== undefined && short.length < named.length) throw new UsageError(`${cases} has no short form.`);
  return short;
}

async function tryBreaks({ command, seed, signal }: RunDeps): Promise<boolean> {
  const { form, runs } = command;
  const reports: BreakReport[] = [];
  for (const rule of command.breaks) {
    say(`breaking ${rule}`);
    const report = await tryBreak(rule, { seed, form, runs, signal });
    reports.push(report);
    if (!command.json) console.log(describeBreak(report));
  }
  if (command.json) console.log(JSON.stringify({ seed, breaks: reports }, null, 2));
  return reports.every(({ isNoticed }) => isNoticed);
}

async function runWithRepeat(chosen: ScorecardCase, deps: RunDeps): Promise<CaseReport> {
  const report = await runOnce(chosen, deps);
  const missed = report.columns.flatMap(({ bars }) => bars.filter(({ isMet }) => !isMet));
  const isBusyMachine = report.latenessP99Ms > MAX_LATENESS_MS && missed.length > 0 && missed.every(isTime);
  if (!isBusyMachine) return report;
  say(`a time was missed on a busy machine (a 10 ms timer was ${report.latenessP99Ms.toFixed(0)} ms late); once more`);
  return runOnce(chosen, deps);
}

function runOnce(chosen: ScorecardCase, { command, seed, signal }: RunDeps): Promise<CaseReport> {
  const { form, protocol } = command;
  const { peaceMs, ...usual } = (form === "short" ? chosen.short : undefined) ?? {
    ...chosen,
    columns: chosen.columns.map(({ name }) => name),
  };
  const columns = chosen.columns.filter((column) => usual.columns.includes(column.name) && speaks(column, protocol));
  if (columns.length === 0) throw new UsageError(`${chosen.name} has no column of MQTT ${protocol} in this form.`);
  const runs = command.runs ?? usual.runs;
  say(`${chosen.name}: ${chosen.summary}`);
  say(`seed ${seed}, ${runs} faults; ${columns.map(({ name }) => name).join(", ")}`);
  const plan = planFaults({ ...chosen, peaceMs }, { runs, dice: rollDice(seed) });
  return runCase(chosen, {
    ...{ seed, plan, columns, form, signal },
    onFault: (report, number) => say(describeFault(report, number)),
  });
}

/** What is compared with stays beside either. */
function speaks({ client, publishers, subscribers }: ColumnPlan, protocol: Command["protocol"]): boolean {
  return protocol === "both" || client !== "ours" || [...publishers, ...subscribers].every((each) => each === protocol);
}

/**
 * Puts the broker's store in memory where the system has a file system there. Mosquitto writes and syncs its whole store after
 * each change; on a disk that took 5 ms a time it moved 200 messages a second, and the disk was measured instead of the client.
 */
function keepStoreInMemory(): void {
  try {
    accessSync(MEMORY_FOLDER, constants.W_OK);
    process.env["TMPDIR"] ??= MEMORY_FOLDER;
  } catch {
    say(`there is no ${MEMORY_FOLDER}: the broker's store is on the disk, and a slow one makes a long backlog`);
  }
}

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => interruption.abort(new Error(`Interrupted by ${name}.`)));
}
try {
  keepStoreInMemory();
  const command = readCommand(
    process.argv.slice(2),
    knownCases.map(({ name }) => name),
  );
  const passed = await main(command, interruption.signal);
  if (!passed) process.exitCode = 1;
} catch (error) {
  const isUsage = error instanceof UsageError;
  say(
    isUsage ? `${error.message}\n\n${USAGE}` : error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
  process.exitCode = isUsage ? 2 : 1;
}
