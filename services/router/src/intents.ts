/**
 * What can be answered here and at once, without a model: whole-word templates with slots. Pure.
 *
 * A template must account for every word of the utterance; only courtesies around it are free ("hey", "please").
 * So "do you know the capital of France" is not the word "now", and "what time is it in Tokyo" is not ours.
 */
import { parseTemplate, templatePattern } from "./template.ts";
import { type Word, wordsOf } from "./words.ts";

/** One intent as it is written down. */
export interface IntentSource {
  readonly name: string;
  readonly templates: readonly string[];
  /** What looks like the intent and is not. */
  readonly unless?: readonly string[];
}

/** One intent, ready to be compared. */
export interface Intent {
  readonly name: string;
  readonly patterns: readonly RegExp[];
  readonly exceptions: readonly RegExp[];
}

/** What was understood. */
export interface Understood {
  readonly name: string;
  /** The speaker's own words, as written. */
  readonly slots: Readonly<Record<string, string>>;
}

const BEFORE =
  "[(hey|hi|hello|ok|okay|yo|so|well|um|uh|please|excuse me|pardon me|sorry|alright|all right) [please|again|there]] [tars|computer|robot] [so|please|now]";
const AFTER =
  "[tars|computer|robot|please|thanks|thank you|thank you very much|for me|then|again|my friend] [please|thanks|thank you|tars|computer|robot]";

/** @throws {SyntaxError} when a template is broken. */
export function compileIntent({ name, templates, unless = [] }: IntentSource): Intent {
  return { name, patterns: templates.map(compile), exceptions: unless.map(compile) };
}

function compile(source: string): RegExp {
  const [before, body, after] = [BEFORE, source, AFTER].map((part) => templatePattern(parseTemplate(part)));
  return new RegExp(`^${before}${body}${after}$`, "du");
}

/** The first intent that accounts for the whole text. */
export function understand(text: string, intents: readonly Intent[]): Understood | undefined {
  const words = wordsOf(text);
  const line = words.map(({ word }) => `${word} `).join("");
  for (const { name, patterns, exceptions } of intents) {
    if (exceptions.some((pattern) => pattern.test(line))) continue;
    for (const pattern of patterns) {
      const match = pattern.exec(line);
      if (match !== null) return { name, slots: readSlots(text, { words, match }) };
    }
  }
  return undefined;
}

function readSlots(
  text: string,
  { words, match }: { readonly words: readonly Word[]; readonly match: RegExpExecArray },
) {
  const slots: Record<string, string> = {};
  for (const [name, place] of Object.entries(match.indices?.groups ?? {})) {
    if (place !== undefined) slots[name] = original(text, { words, place });
  }
  return slots;
}

/** The text as written under a stretch of the line of comparable words. */
function original(
  text: string,
  { words, place }: { readonly words: readonly Word[]; readonly place: readonly [number, number] },
): string {
  let at = 0;
  const covered = words.filter(({ word }) => {
    const isCovered = at >= place[0] && at < place[1];
    at += word.length + 1;
    return isCovered;
  });
  return text.slice(covered[0]?.from ?? 0, covered.at(-1)?.to ?? 0);
}
