/** What templates refer to: phrases with names, and lists of values for slots. Pure. */
import type { Phrase } from "./phrases.ts";
import { OPEN_TYPES } from "./slot-types.ts";
import type { Template } from "./template.ts";

/** One value of a list, and the words for it. */
export interface ListValue {
  readonly value: string;
  readonly template: Template;
}

export interface Vocabulary {
  readonly phrases: ReadonlyMap<string, Phrase>;
  readonly lists: ReadonlyMap<string, readonly ListValue[]>;
}

/** The phrase of that name. @throws {SyntaxError} when there is none. */
export function phraseOf({ phrases }: Vocabulary, name: string): Phrase {
  const phrase = phrases.get(name);
  if (phrase === undefined) throw new SyntaxError(`There is no phrase <${name}>.`);
  return phrase;
}

/** The values of the list of that name. @throws {SyntaxError} when there is none. */
export function listOf({ lists }: Vocabulary, name: string): readonly ListValue[] {
  const list = lists.get(name);
  if (list === undefined) {
    const known = [...Object.keys(OPEN_TYPES), "number", "duration", ...lists.keys()].join(", ");
    throw new SyntaxError(`There is no type or list "${name}" for a slot; there are ${known}.`);
  }
  return list;
}
