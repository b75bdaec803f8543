/**
 * Whether what was heard is something somebody said to the robot, and if not, why. Pure.
 *
 * 1. Nothing is refused for its vocabulary, its length in words or its language: "yes", "no", "stop", names and foreign words pass.
 * 2. Nothing is refused because it was said before: who repeats was not understood.
 * 3. Nothing passes because the recogniser is sure of itself.
 */
import { isEcho } from "./echo.ts";
import { isFiller, spokenWords } from "./words.ts";

export interface Candidate {
  readonly text: string;
  /** So much of the segment was speech by its level. */
  readonly speechMs: number;
  /** Level of the speech over the room's. */
  readonly overFloorDb: number;
  /** What the robot itself said meanwhile or shortly before, at any site. */
  readonly spoken: string;
}

export type Verdict =
  | { readonly isAccepted: true }
  | { readonly isAccepted: false; readonly reason: Refusal; readonly detail: string };

export type Refusal = "too_short" | "noise" | "unclear" | "echo" | "repeat";

/** A knock, a click; the shortest "no" is more than twice as long. */
const SHORTEST_MS = 80;
/** Speech into a microphone of use is farther over the room; what is nearer and has no words was no attempt at any. */
const SPEECH_OVER_FLOOR_DB = 10;

/** What recognisers write again and again when there is only noise. */
const EMPTY_WORDS: ReadonlySet<string> = new Set("a an the and of to in it oh i".split(" "));
const REPEATED_COUNT = 3;

/** Judges one transcript. */
export function judge({ text, speechMs, overFloorDb, spoken }: Candidate): Verdict {
  const words = spokenWords(text).filter((word) => !isFiller(word));
  if (speechMs < SHORTEST_MS) return refuse("too_short", "That was too short to be speech.");
  if (words.length === 0 && overFloorDb < SPEECH_OVER_FLOOR_DB)
    return refuse("noise", "That was hardly louder than the room.");
  if (words.length === 0) return refuse("unclear", "No words were understood.");
  if (isGarbage(words)) return refuse("repeat", "The recogniser only repeated itself.");
  if (isEcho(text, spoken)) return refuse("echo", "That was the robot's own voice.");
  return { isAccepted: true };
}

function refuse(reason: Refusal, detail: string): Verdict {
  return { isAccepted: false, reason, detail };
}

function isGarbage(words: readonly string[]): boolean {
  const [first = ""] = words;
  return words.length >= REPEATED_COUNT && EMPTY_WORDS.has(first) && words.every((word) => word === first);
}
