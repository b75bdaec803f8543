/** The commands that count now: the grammar, and which texts are whole sentences of it. Pure. */
import type { IntentsCurrent } from "@ts-tars/contracts";
import { type Completeness, completenessOf, NOTHING_IS_COMPLETE } from "./completeness.ts";
import type { Grammar } from "./transcriber.ts";

export interface Commands {
  readonly grammar: Grammar | undefined;
  readonly isComplete: Completeness;
  /** Why the newest ones are not taken; those before stay. */
  readonly problem: string | undefined;
}

export const NO_COMMANDS: Commands = Object.freeze({
  grammar: undefined,
  isComplete: NOTHING_IS_COMPLETE,
  problem: undefined,
});

/** Takes the newest ones, if they can be read. */
export function takeCommands(commands: Commands, { version, jsgf, words }: IntentsCurrent): Commands {
  try {
    return { grammar: { version, jsgf, words }, isComplete: completenessOf(jsgf), problem: undefined };
  } catch (error) {
    return { ...commands, problem: error instanceof Error ? error.message : String(error) };
  }
}
