/** Whether a full stop, or another mark that can end a sentence, ends one. Pure; see `sentences.ts`. */
import { BEFORE_NUMBER, MONTHS_AFTER_ORDINAL, NEVER_LAST, OFTEN_LAST, SENTENCE_STARTERS } from "./abbreviations.ts";

/** Marks after which no space is written. */
const UNSPACED = "。！？｡";
const MARK_RUN = /^[.!?…。！？｡؟\u06d4\u0964\u0965\u1362\u0589\u104b\u17d4\u037e;]+/;
const CLOSERS = /^(?:["'”’»›」』）】)\]}*_~`]|[ \u00a0\u202f]»)+/;
const QUOTE = /["'”’»›]/;
const LOWER_CASE = /^\p{Ll}/u;

/**
 * The end (exclusive) of the sentence whose mark stands at `at`; `"no"` when the sentence goes on, `"wait"` when
 * only the text that follows can tell.
 */
export function judgeEnd(
  text: string,
  { at, isAll }: { readonly at: number; readonly isAll: boolean },
): number | "wait" | "no" {
  const marks = MARK_RUN.exec(text.slice(at))?.[0] ?? "";
  const closers = CLOSERS.exec(text.slice(at + marks.length))?.[0] ?? "";
  const end = at + marks.length + closers.length;
  if (end >= text.length) return isAll ? text.length : "wait";
  const isSpaced = /\s/.test(text.charAt(end));
  if (!isSpaced) return UNSPACED.includes(marks.charAt(marks.length - 1)) ? end : "no";
  const next = nextWord(text, { from: end, isAll });
  if (next.word === "" && !next.isWhole) return "wait";
  const ends = endsHere({ before: text.slice(0, at), marks, closers, next });
  return ends === "wait" ? "wait" : ends ? end : "no";
}

interface NextWord {
  /** As far as it has come; empty at the end of the text. */
  readonly word: string;
  readonly isWhole: boolean;
}

interface Surroundings {
  /** The sentence up to its mark. */
  readonly before: string;
  readonly marks: string;
  readonly closers: string;
  readonly next: NextWord;
}

type Ends = boolean | "wait";

function endsHere({ before, marks, closers, next }: Surroundings): Ends {
  const goesOn = LOWER_CASE.test(next.word);
  if (next.word === "") return true;
  if (QUOTE.test(closers) && goesOn) return false;
  if (marks === "…" || /^\.{2,}$/.test(marks)) return !goesOn;
  if (marks !== ".") return true;
  const word = /[\p{L}\p{N}.]*$/u.exec(before)?.[0] ?? "";
  return closers === "" ? fullStopEnds({ word, isAlone: before.trim() === word, next }) : !goesOn;
}

/** A single full stop behind `word`. */
function fullStopEnds({
  word,
  isAlone,
  next,
}: {
  readonly word: string;
  readonly isAlone: boolean;
  readonly next: NextWord;
}): Ends {
  const lower = word.toLowerCase();
  const isDay = /^\d{1,2}$/.test(word);
  const isInitial = /^\p{Lu}$/u.test(word) || (/^(?:\p{L}\.)+\p{L}$/u.test(word) && !OFTEN_LAST.has(lower));
  if (LOWER_CASE.test(next.word) || NEVER_LAST.has(lower)) return false;
  if (isAlone && /^\d{1,3}$/.test(word)) return false;
  if (BEFORE_NUMBER.has(lower) && /^\d/.test(next.word)) return false;
  if (!isDay && !isInitial) return true;
  if (!next.isWhole) return "wait";
  return isInitial ? SENTENCE_STARTERS.has(next.word) : !MONTHS_AFTER_ORDINAL.has(next.word);
}

/** The word (or, where none stands, the character) behind the white space at `from`. */
function nextWord(text: string, { from, isAll }: { readonly from: number; readonly isAll: boolean }): NextWord {
  const follows = text.slice(from).replace(/^\s+["'“‘«¿¡([*_]*/, "");
  const word = /^[\p{L}\p{N}'’]+/u.exec(follows)?.[0] ?? firstCharacter(follows);
  return { word, isWhole: isAll || (word !== "" && word.length < follows.length) };
}

/** Empty when only the first half of a surrogate pair has come. */
function firstCharacter(text: string): string {
  const character = [...text][0] ?? "";
  return /^[\uD800-\uDBFF]$/.test(character) ? "" : character;
}
