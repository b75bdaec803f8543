/** What an endurance run was asked to do. Pure. */
import { parseArgs } from "node:util";
import { UsageError } from "../comparison/usage.ts";

/** A command, understood. */
export interface SoakCommand {
  readonly minutes: number;
  /** Undefined: to be drawn. */
  readonly seed: number | undefined;
  readonly json: boolean;
  /** The rule that is broken on purpose: the run must miss a bar then. */
  readonly broken: "outbox-bound" | undefined;
  readonly results: string | undefined;
}

/** Bars are meant for no less. */
export const DEFAULT_MINUTES = 10;

/** One screen; both runs take the same flags, and only one has something to break. */
export const USAGE = `npm run bench:soak -- [--minutes N | --hours N] [--seed N] [--json] [--results FOLDER]
npm run bench:offline -- [--minutes N | --hours N] [--break outbox-bound] [--seed N] [--json] [--results FOLDER]

  --minutes N, --hours N  how long, fractions too. Default: 10 minutes; bars are meant for no less
  --break outbox-bound    without the bound of the outbox: the run must miss a bar
  --seed N                a whole number from 0 to 4294967295: what is said in the messages. Default: drawn and printed
  --json                  one JSON document on standard output, nothing else
  --results FOLDER        where the figures are kept and earlier ones looked for. Default: bench/results

Exit code: 0 all bars met, 1 a bar missed or a failure, 2 the command was not understood.`;

/** Reads the arguments. @throws {UsageError} naming what is wrong. */
export function readSoakCommand(args: readonly string[], { canBreak }: { readonly canBreak: boolean }): SoakCommand {
  const values = parse(args);
  if (values.minutes !== undefined && values.hours !== undefined) throw new UsageError("Give --minutes or --hours.");
  const broken = values.break;
  if (broken !== undefined && !(canBreak && broken === "outbox-bound")) {
    throw new UsageError(
      `--break ${broken}: ${canBreak ? "there is only outbox-bound" : "there is nothing to break here"}.`,
    );
  }
  const minutes = readNumber("--minutes", values.minutes);
  const hours = readNumber("--hours", values.hours);
  return {
    minutes: minutes ?? (hours === undefined ? DEFAULT_MINUTES : hours * 60),
    seed: readSeed(values.seed),
    json: values.json,
    broken: broken === undefined ? undefined : "outbox-bound",
    results: values.results,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        minutes: { type: "string" },
        hours: { type: "string" },
        break: { type: "string" },
        seed: { type: "string" },
        json: { type: "boolean", default: false },
        results: { type: "string" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0) return value;
  throw new UsageError(`${flag} is "${text}"; it must be a number above 0.`);
}

function readSeed(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value < 2 ** 32) return value;
  throw new UsageError(`--seed is "${text}"; it must be a whole number from 0 to 4294967295.`);
}
