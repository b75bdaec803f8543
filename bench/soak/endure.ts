/** What both endurance runs do: weigh their processes again and again, judge, print, keep. */
import { randomInt } from "node:crypto";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PeerProcess } from "../client/peer-process.ts";
import { changesSince, describeChanges } from "../comparison/changes.ts";
import type { CaseReport } from "../comparison/compare.ts";
import type { Figure } from "../comparison/figure.ts";
import { describeReport, missedBars } from "../comparison/print.ts";
import { keepResult, lookAround, readEarlier } from "../comparison/results.ts";
import { UsageError } from "../comparison/usage.ts";
import { drawText } from "../ends/payload.ts";
import { rollDice } from "../scorecard/dice.ts";
import { watchLateness } from "../scorecard/lateness.ts";
import { DEFAULT_MINUTES, readSoakCommand, type SoakCommand, USAGE } from "./command-line.ts";
import { LEVELS } from "./memory-figures.ts";
import type { SoakOrder, Weight } from "./soak-orders.ts";

/** As both runs publish. */
export const PER_SECOND = 2_000;
const MOST_WEIGHINGS = 120;
const WEIGH_AT_LEAST_EVERY_MS = 2_000;
/** What grows beyond this has failed, and goes on at the expense of the machine. */
const HOPELESS_BYTES = 256e6;
const RESULTS = resolve(import.meta.dirname, "../results");

const say = (line: string): void => void process.stderr.write(`${line}\n`);

export type Peer = PeerProcess<SoakOrder>;

/** What a run is given. */
export interface Conditions {
  readonly durationMs: number;
  readonly text: string;
  readonly isOutboxBounded: boolean;
  readonly signal: AbortSignal;
}

/** Figures by what was weighed, and every weight. */
export interface Endured {
  readonly case: string;
  readonly summary: string;
  readonly figures: readonly Figure[];
  readonly weights: readonly Weight[];
}

export interface Endurance {
  readonly name: "soak" | "offline";
  readonly canBreak: boolean;
  readonly run: (conditions: Conditions) => Promise<readonly Endured[]>;
}

/** Weighs all peers for so long; ends early when one is beyond hope. */
export async function weighFor(
  peers: readonly Peer[],
  { durationMs, start, signal }: Pick<Conditions, "durationMs" | "signal"> & { readonly start: readonly Weight[] },
): Promise<readonly (readonly Weight[])[]> {
  const everyMs = Math.max(WEIGH_AT_LEAST_EVERY_MS, durationMs / MOST_WEIGHINGS);
  const rounds: (readonly Weight[])[] = [];
  const endsAtMs = performance.now() + durationMs;
  while (performance.now() < endsAtMs) {
    await sleep(everyMs, undefined, { signal });
    const round = await weighAll(peers);
    rounds.push(round);
    say(round.map(describeWeight).join("   "));
    const isHopeless = round.some(({ rssBytes }, index) => rssBytes - (start[index]?.rssBytes ?? 0) > HOPELESS_BYTES);
    if (isHopeless) {
      say("given up: a process has grown beyond hope");
      break;
    }
  }
  return peers.map((_, index) => rounds.flatMap((round) => round[index] ?? []));
}

export function weighAll(peers: readonly Peer[]): Promise<readonly Weight[]> {
  return Promise.all(peers.map((peer) => peer.order<Weight>({ do: "weigh" })));
}

function describeWeight({ heapBytes, rssBytes, accepted, refused, handled }: Weight): string {
  const counts = handled > 0 ? `${handled} handled` : `${accepted} accepted, ${refused} refused`;
  return `heap ${(heapBytes / 1e6).toFixed(1)} MB, memory ${(rssBytes / 1e6).toFixed(0)} MB, ${counts}`;
}

/** Runs what the arguments ask for, and sets the exit code. */
export async function endure(endurance: Endurance, args: readonly string[]): Promise<void> {
  const interruption = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => interruption.abort(new Error(`Interrupted by ${name}.`)));
  }
  try {
    const command = readSoakCommand(args, endurance);
    const missed = await runOnce(endurance, { command, signal: interruption.signal });
    if (missed.length > 0) process.exitCode = 1;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    say(isUsage ? `${error.message}\n\n${USAGE}` : failure);
    process.exitCode = isUsage ? 2 : 1;
  }
}

async function runOnce(
  { name, run }: Endurance,
  { command, signal }: { readonly command: SoakCommand; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const seed = command.seed ?? randomInt(2 ** 32);
  const surroundings = lookAround();
  const print = (text: string): void => void (command.json || process.stdout.write(`${text}\n`));
  print(`${name}, ${command.minutes} minutes, seed ${seed}, ${surroundings.machine.cpu}`);
  const lateness = watchLateness();
  const endured = await run({
    durationMs: command.minutes * 60_000,
    text: drawText(rollDice(seed)),
    isOutboxBounded: command.broken !== "outbox-bound",
    signal,
  });
  const latenessP99Ms = lateness.stop();
  const cases = endured.map((part) => ({ ...part, latenessP99Ms, pairs: [], samePairs: [] }));
  for (const report of cases) print(describeReport(report));
  const missed = missedBars(cases);
  const { minutes, broken } = command;
  const isQuick = minutes < DEFAULT_MINUTES;
  const result = { bench: name, ...surroundings, seed, isQuick, minutes, broken, missed, cases };
  const folder = resolve(command.results ?? RESULTS);
  if (broken === undefined) printChanges(cases, { folder, machine: surroundings.machine.name, isQuick, print });
  print(`kept as ${keepResult(folder, result)}`);
  print(missed.length === 0 ? "flat" : ["missed:", ...missed].join("\n  "));
  if (command.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return missed;
}

function printChanges(
  cases: readonly CaseReport[],
  {
    folder,
    machine,
    isQuick,
    print,
  }: {
    readonly folder: string;
    readonly machine: string;
    readonly isQuick: boolean;
    readonly print: (text: string) => void;
  },
): void {
  const earlier = readEarlier(folder, { machine, isQuick });
  if (earlier.length === 0) return;
  const levels = cases.map((report) => ({
    ...report,
    figures: report.figures.filter((figure) => LEVELS.includes(figure.name)),
  }));
  print(describeChanges(changesSince(earlier, levels)));
}
