/**
 * Many clients in the 3.1.1 mode on a cluster of an existing broker, whose nodes get SIGKILL under them:
 *
 *   npm run bench:scale -- --seed 7           500 clients, 1 000 messages a second, each node killed once
 *   npm run bench:scale -- --short --seed 7   20 clients, 100 messages a second
 */
import { randomInt } from "node:crypto";
import { UsageError } from "../comparison/usage.ts";
import { readScaleCommand, type ScaleCommand, USAGE } from "./command-line.ts";
import { describeScale } from "./print.ts";
import { runScale } from "./run-scale.ts";
import { judgeScale } from "./scale-bars.ts";

const out = (line: string): void => void process.stdout.write(`${line}\n`);

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const command = read(args);
  if (command === undefined) return 2;
  const { json, seed = randomInt(2 ** 32), ...plan } = command;
  const onStep = json ? (): void => undefined : out;
  onStep(`bench:scale, seed ${seed}`);
  const report = await runScale({ ...plan, seed, onStep });
  const bars = judgeScale(report);
  out(json ? JSON.stringify({ ...report, bars }, undefined, 2) : describeScale(report, bars));
  return bars.every(({ isMet }) => isMet) ? 0 : 1;
}

function read(args: readonly string[]): ScaleCommand | undefined {
  try {
    return readScaleCommand(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${USAGE}\n`);
    return undefined;
  }
}
