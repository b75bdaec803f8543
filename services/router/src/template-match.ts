/**
 * Whether words fit a template, and which of them fill its slots. Pure.
 *
 * Walks the tree and goes back where an option leads nowhere: what comes first in a choice is preferred, an optional part is
 * taken when it can be, and a slot of the speaker's own words takes as few as it can. What a user writes may have no end of ways
 * to fit; after so many steps it does not fit.
 */
import { isMeasure, OPEN_TYPES, readMeasure } from "./slot-types.ts";
import type { Template, TemplateNode } from "./template.ts";
import { listOf, phraseOf, type Vocabulary } from "./vocabulary.ts";

/** The words of one slot, by their numbers. */
export interface Capture {
  readonly name: string;
  readonly from: number;
  /** Behind the last one. */
  readonly to: number;
  /** A number in digits, the value of a list; undefined for the speaker's own words. */
  readonly meaning: string | undefined;
}

type Captures = readonly Capture[];
type Slot = TemplateNode & { readonly kind: "slot" };

interface Place {
  /** The number of the next word. */
  readonly at: number;
  readonly captures: Captures;
}

/** Ten thousand words behind "say" take a quarter of it, an ordinary utterance a thousandth. */
const STEPS_MAX = 1_000_000;

/** What must fit behind the part that is looked at; undefined when it does not. */
type Next = (place: Place) => Captures | undefined;

/** The slots of the words when the template accounts for all of them. */
export function matchTemplate(
  template: Template,
  words: readonly string[],
  vocabulary: Vocabulary,
): Captures | undefined {
  const atEnd: Next = ({ at, captures }) => (at === words.length ? captures : undefined);
  return new Matching(words, vocabulary).sequence(template, { at: 0, captures: [] }, atEnd);
}

class Matching {
  readonly #words: readonly string[];
  readonly #vocabulary: Vocabulary;
  #stepCount = 0;

  constructor(words: readonly string[], vocabulary: Vocabulary) {
    this.#words = words;
    this.#vocabulary = vocabulary;
  }

  sequence(template: Template, place: Place, next: Next): Captures | undefined {
    const [first, ...rest] = template;
    if (first === undefined) return next(place);
    return this.#node(first, place, rest.length === 0 ? next : (behind) => this.sequence(rest, behind, next));
  }

  #node(node: TemplateNode, place: Place, next: Next): Captures | undefined {
    this.#stepCount += 1;
    if (this.#stepCount > STEPS_MAX) return undefined;
    const word = this.#words[place.at];
    switch (node.kind) {
      case "word":
        return word === node.word ? next({ ...place, at: place.at + 1 }) : undefined;
      case "digits":
        return word !== undefined && /^\d+$/.test(word) ? next({ ...place, at: place.at + 1 }) : undefined;
      case "phrase":
        return this.sequence(phraseOf(this.#vocabulary, node.name).written, place, next);
      case "choice": {
        const found = firstOf(node.options, (option) => this.sequence(option, place, next));
        return found === undefined && node.isOptional ? next(place) : found;
      }
      case "slot":
        return this.#slot(node, place, next);
    }
  }

  #slot(slot: Slot, place: Place, next: Next): Captures | undefined {
    const wordsMax = OPEN_TYPES[slot.type];
    if (wordsMax !== undefined) return this.#ownWords(slot, { place, wordsMax }, next);
    if (isMeasure(slot.type)) {
      return this.sequence(phraseOf(this.#vocabulary, slot.type).written, place, (behind) => {
        const meaning = readMeasure(slot.type, this.#words.slice(place.at, behind.at));
        return meaning === undefined ? undefined : next(fill(slot, behind, { from: place.at, meaning }));
      });
    }
    return firstOf(listOf(this.#vocabulary, slot.type), ({ value, template }) =>
      this.sequence(template, place, (behind) => next(fill(slot, behind, { from: place.at, meaning: value }))),
    );
  }

  #ownWords(slot: Slot, { place, wordsMax }: { readonly place: Place; readonly wordsMax: number }, next: Next) {
    const last = Math.min(this.#words.length, place.at + wordsMax);
    for (let at = place.at + 1; at <= last; at += 1) {
      const found = next(fill(slot, { ...place, at }, { from: place.at, meaning: undefined }));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function fill({ name }: Slot, { at, captures }: Place, { from, meaning }: Pick<Capture, "from" | "meaning">): Place {
  return { at, captures: [...captures, { name, from, to: at, meaning }] };
}

function firstOf<Item, Result>(items: readonly Item[], look: (item: Item) => Result | undefined): Result | undefined {
  for (const item of items) {
    const result = look(item);
    if (result !== undefined) return result;
  }
  return undefined;
}
