/** What the scorecard was asked to do. Pure. */
import { parseArgs } from "node:util";
import { readWhole, UsageError } from "../comparison/usage.ts";
import { type BreakRule, breakRules, isBreakRule } from "./breaks/break-rules.ts";
import type { Protocol } from "./scorecard-case.ts";

/** A command, understood. */
export interface Command {
  /** Cases by name; undefined: all that the form has. */
  readonly cases: readonly string[] | undefined;
  /** Undefined: to be drawn. */
  readonly seed: number | undefined;
  /** Undefined: as many as each case says. */
  readonly runs: number | undefined;
  readonly form: "long" | "short";
  readonly protocol: Protocol | "both";
  /** Rules of the client to be broken, one after the other; none for an ordinary run. */
  readonly breaks: readonly BreakRule[];
  readonly json: boolean;
  readonly selfCheck: boolean;
}

const RULES = Object.keys(breakRules).join(" | ");

/** One screen. */
export const USAGE = `npm run scorecard -- [--case NAME] [--seed N] [--short] [--runs N] [--protocol 5|3.1.1|both] [--json]
npm run scorecard -- --break RULE [--short] [--seed N] [--json]
npm run scorecard -- --self-check [--seed N] [--json]

  --case NAME     only this case; may be given several times. Default: all
  --seed N        a whole number from 0 to 4294967295; the same seed, the same faults. Default: drawn and printed
  --short         each kind of fault once, on one mixed fleet: a good minute. It shows that all works; it does not count as a run
  --runs N        how many faults, from 1 to 1000. Default: as the case says
  --protocol P    only columns of this version, 5 or 3.1.1. Default: both, and the fleet that speaks both
  --break RULE    one rule of our client is broken in a copy of the checkout, and the scorecard has to notice. Or "all":
                  ${RULES}
  --json          one JSON document on standard output, nothing else
  --self-check    feed the ledger a doctored recording: it must find the planted faults and nothing else

Exit code: 0 all bars met (with --break: the break was noticed), 1 a bar missed or a run that does not count (with --break:
not noticed), 2 the command was not understood.`;

/** Reads the arguments. @throws {UsageError} naming what is wrong. */
export function readCommand(args: readonly string[], known: readonly string[]): Command {
  const values = parse(args);
  const stranger = values.case?.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new UsageError(`There is no case "${stranger}"; there is ${known.join(", ")}.`);
  return {
    cases: values.case,
    seed: readWhole("--seed", values.seed, [0, 2 ** 32 - 1]),
    runs: readWhole("--runs", values.runs, [1, 1_000]),
    form: values.short === true ? "short" : "long",
    protocol: readProtocol(values.protocol ?? "both"),
    breaks: values.break === undefined ? [] : readBreaks(values.break),
    json: values.json === true,
    selfCheck: values["self-check"] === true,
  };
}

function readProtocol(text: string): Command["protocol"] {
  if (text === "5" || text === "3.1.1" || text === "both") return text;
  throw new UsageError(`--protocol ${text} is none of 5, 3.1.1, both.`);
}

function readBreaks(text: string): readonly BreakRule[] {
  if (text === "all") return Object.keys(breakRules).filter(isBreakRule);
  if (isBreakRule(text)) return [text];
  throw new UsageError(`--break ${text} is none of ${RULES} | all.`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        case: { type: "string", multiple: true },
        seed: { type: "string" },
        short: { type: "boolean" },
        runs: { type: "string" },
        protocol: { type: "string" },
        break: { type: "string" },
        json: { type: "boolean" },
        "self-check": { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
