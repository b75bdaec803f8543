/** What the scorecard was asked to do. Pure. */
import { parseArgs } from "node:util";
import { readWhole, UsageError } from "../comparison/usage.ts";

/** A command, understood. */
export interface Command {
  /** Cases by name; all that are known when none was named. */
  readonly cases: readonly string[];
  /** Undefined: to be drawn. */
  readonly seed: number | undefined;
  /** Undefined: as many as each case says. */
  readonly runs: number | undefined;
  readonly protocols: readonly ("5" | "3.1.1")[];
  readonly json: boolean;
  readonly selfCheck: boolean;
}

/** One screen. */
export const USAGE = `npm run scorecard -- [--case NAME] [--seed N] [--runs N] [--protocol 5|3.1.1|both] [--json]
npm run scorecard -- --self-check [--seed N] [--json]

  --case NAME     only this case; may be given several times. Default: all
  --seed N        a whole number from 0 to 4294967295; the same seed, the same faults. Default: drawn and printed
  --runs N        how many faults, from 1 to 1000. Default: as the case says
  --protocol P    5, 3.1.1, or both side by side on one broker. Default: both
  --json          one JSON document on standard output, nothing else
  --self-check    feed the ledger a doctored recording: it must find the planted faults and nothing else

Exit code: 0 all bars met, 1 a bar missed, 2 the command was not understood.`;

const PROTOCOLS: Readonly<Record<string, Command["protocols"]>> = {
  "5": ["5"],
  "3.1.1": ["3.1.1"],
  both: ["5", "3.1.1"],
};

/** Reads the arguments. @throws {UsageError} naming what is wrong. */
export function readCommand(args: readonly string[], known: readonly string[]): Command {
  const values = parse(args);
  const cases = values.case ?? known;
  const stranger = cases.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new UsageError(`There is no case "${stranger}"; there is ${known.join(", ")}.`);
  const protocols = PROTOCOLS[values.protocol ?? "both"];
  if (protocols === undefined) throw new UsageError(`--protocol ${values.protocol} is none of 5, 3.1.1, both.`);
  return {
    cases,
    seed: readWhole("--seed", values.seed, [0, 2 ** 32 - 1]),
    runs: readWhole("--runs", values.runs, [1, 1_000]),
    protocols,
    json: values.json === true,
    selfCheck: values["self-check"] === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        case: { type: "string", multiple: true },
        seed: { type: "string" },
        runs: { type: "string" },
        protocol: { type: "string" },
        json: { type: "boolean" },
        "self-check": { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
