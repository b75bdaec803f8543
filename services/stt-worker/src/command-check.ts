/**
 * Which of two readings of the same sound counts: 04, rule 11. Pure.
 *
 * A grammar has no way to say "none of these": it reads a command into everything. So its reading is taken only when the open
 * reading sounds nearly like it, or fits the sound hardly better; where there is no open one, it is all there is.
 *
 * The numbers were chosen on saved sound, none of it of a seed that a figure is given for: decision 34.
 */
import { phoneDistance } from "./phone-distance.ts";
import type { Fit, PartialReadings, Reading } from "./transcriber.ts";

/** The part of all phones that may differ, whatever the sound is like: single words fit badly, and are read right all the same. */
const NEAR_RATIO = 0.2;

/**
 * By so much the sound may fit the command worse than any other words, in natural logarithms for each frame of the command's words, so
 * that silence around a short one hides nothing. In noise "thank you so much" is read as "and the sound on" and lies at 1.8; the
 * nearest of other sentences lies at 2.2, and in noise at 2.3 unless one of its words gives it away.
 */
const WORSE_FIT_MAX = 1.9;

/**
 * And so badly its worst word may fit, likewise: a command differs a little everywhere, another sentence in the one place that makes it
 * another. "my computer freezes" holds all of "hey computer freeze thanks" but one word, which lies at 11.
 */
const WORST_WORD_MAX = 8.7;

const NOTHING: Reading = Object.freeze({ text: "", phones: [] });

/** The grammar's reading when it can be believed, else the open one. */
export function believe({ open, command }: PartialReadings): Reading {
  return command !== undefined && isBelievable(command, open) ? command : (open ?? NOTHING);
}

/** Whether the open reading sounds nearly like the command, or the sound fits the command nearly as well. */
export function isBelievable(command: Reading, open: Reading | undefined): boolean {
  if (command.text === "") return false;
  if (open === undefined) return true;
  const distance = phoneDistance(open.phones, command.phones);
  if (distance <= NEAR_RATIO) return true;
  return command.fit !== undefined && open.fit !== undefined && fitsAsWell(command.fit, open.fit);
}

function fitsAsWell(command: Fit, open: Fit): boolean {
  const worse = (open.totalLog - command.totalLog) / command.wordFrameCount;
  return worse <= WORSE_FIT_MAX && command.worstWordLog >= -WORST_WORD_MAX;
}
