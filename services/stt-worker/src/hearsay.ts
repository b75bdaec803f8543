/** What the words so far say about the end of the sentence, and what is shown of them. Pure. */
import { believe, isBelievable } from "./command-check.ts";
import type { Completeness } from "./completeness.ts";
import type { Hint } from "./segmenter.ts";
import type { PartialReadings } from "./transcriber.ts";
import { isUnfinished } from "./words.ts";

export interface Hearsay {
  /** What is shown. */
  readonly text: string;
  readonly hint: Hint;
  /** The whole command that is read, and in how many partials in a row. */
  readonly command: string | undefined;
  readonly sameCount: number;
}

export const NOTHING_HEARD: Hearsay = Object.freeze({ text: "", hint: "open", command: undefined, sameCount: 0 });

/** A command counts as complete when two partials agree. */
const AGREEING_COUNT = 2;

/** Takes in the next partial. */
export function weigh(before: Hearsay, { open, command }: PartialReadings, isComplete: Completeness): Hearsay {
  const { text } = believe({ open, command });
  const isWhole = command !== undefined && isBelievable(command, open) && isComplete(command.text);
  const whole = isWhole ? command.text : undefined;
  const sameCount = whole === undefined ? 0 : whole === before.command ? before.sameCount + 1 : 1;
  return { text, hint: hintOf(text, sameCount), command: whole, sameCount };
}

/** Whether somebody who was read so goes on, as far as the words tell; a grammar finds an end to everything. */
export function seemUnfinished({ open, command }: PartialReadings): boolean {
  return isUnfinished(believe({ open, command }).text) || isUnfinished(open?.text ?? "");
}

function hintOf(text: string, sameCount: number): Hint {
  if (sameCount >= AGREEING_COUNT) return "complete";
  return isUnfinished(text) ? "unfinished" : "open";
}
