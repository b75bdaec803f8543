/** What a bench was asked to do. Pure. */
import { parseArgs } from "node:util";
import { readWhole, UsageError } from "./usage.ts";

/** A command, understood. */
export interface Command {
  /** Cases by name; all when none was named. */
  readonly cases: readonly string[];
  /** Undefined: to be drawn. */
  readonly seed: number | undefined;
  readonly check: boolean;
  readonly quick: boolean;
  readonly json: boolean;
  /** Undefined: as many as the bench makes. */
  readonly pairs: number | undefined;
  /** Where results are kept; undefined: where the repository keeps them. */
  readonly results: string | undefined;
}

/** One screen. */
export function usageOf(script: string): string {
  return `npm run ${script} -- [--case NAME] [--check] [--quick] [--json] [--pairs N] [--seed N] [--results FOLDER]

  --case NAME      only this case; may be given several times. Default: all
  --check          exit code 1 when a bar is missed
  --quick          fewer pairs of shorter measurements: shows that it works, decides nothing
  --json           one JSON document on standard output, nothing else
  --pairs N        how many alternating pairs, from 1 to 100. Default: 8, with --quick 2
  --seed N         a whole number from 0 to 4294967295: what is said in the messages. Default: drawn and printed
  --results FOLDER where the figures are kept and earlier ones looked for. Default: bench/results

Exit code: 0 measured (and all bars met), 1 a bar missed with --check, or a failure, 2 the command was not understood.`;
}

/** Reads the arguments. @throws {UsageError} naming what is wrong. */
export function readCommand(args: readonly string[], known: readonly string[]): Command {
  const values = parse(args);
  const cases = values.case ?? known;
  const stranger = cases.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new UsageError(`There is no case "${stranger}"; there is ${known.join(", ")}.`);
  return {
    cases,
    seed: readWhole("--seed", values.seed, [0, 2 ** 32 - 1]),
    check: values.check,
    quick: values.quick,
    json: values.json,
    pairs: readWhole("--pairs", values.pairs, [1, 100]),
    results: values.results,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        case: { type: "string", multiple: true },
        seed: { type: "string" },
        check: { type: "boolean", default: false },
        quick: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        pairs: { type: "string" },
        results: { type: "string" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
