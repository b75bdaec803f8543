/**
 * What the robot understands by itself: whole-word templates with slots. Pure.
 *
 * A template must account for every word of the utterance; only courtesies around it are free ("hey", "please").
 * So "do you know the capital of France" is not the word "now", and "what time is it in Tokyo" is not ours.
 */
import type { Action } from "./actions.ts";
import type { Template } from "./template.ts";
import { areMet, type Demands } from "./template-demands.ts";
import { type Capture, matchTemplate } from "./template-match.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { wordsOf } from "./words.ts";

/** One intent of the file. */
export interface Intent {
  readonly name: string;
  readonly action: Action;
  /** In the recogniser's grammar, as far as they hold no words of the speaker's own. */
  readonly templates: readonly Template[];
  /** Understood too, but not taught to the recogniser. */
  readonly also: readonly Template[];
  /** What looks like the intent and is not. */
  readonly unless: readonly Template[];
}

/** What may stand around every template. */
export interface Courtesies {
  readonly before: Template;
  readonly after: Template;
}

/** What the robot understands. */
export interface Repertoire {
  /** In the order of preference. */
  readonly intents: readonly Intent[];
  readonly courtesies: Courtesies;
  readonly vocabulary: Vocabulary;
  /** Of every template of the intents. */
  readonly demands: ReadonlyMap<Template, Demands>;
}

/** What was understood. */
export interface Understood {
  readonly name: string;
  readonly action: Action;
  /** A number in digits, a duration in seconds, the name of a list's value; text as the speaker wrote it. */
  readonly slots: Readonly<Record<string, string>>;
}

/** The first intent that accounts for the whole text. */
export function understand(text: string, repertoire: Repertoire): Understood | undefined {
  const { intents, courtesies, vocabulary, demands } = repertoire;
  const words = wordsOf(text);
  const line = words.map(({ word }) => word);
  const isPossible = (template: Template): boolean => areMet(demands.get(template) ?? [], line);
  const match = (all: readonly Template[]): readonly Capture[] | undefined => {
    const options = all.filter(isPossible);
    if (options.length === 0) return undefined;
    const template = [
      ...courtesies.before,
      { kind: "choice", options, isOptional: false } as const,
      ...courtesies.after,
    ];
    return matchTemplate(template, line, vocabulary);
  };
  const own = ({ from, to }: Capture): string => text.slice(words[from]?.from ?? 0, words[to - 1]?.to ?? 0);
  for (const { name, action, templates, also, unless } of intents) {
    const captures = match([...templates, ...also]);
    if (captures === undefined || match(unless) !== undefined) continue;
    const slots = Object.fromEntries(captures.map((capture) => [capture.name, capture.meaning ?? own(capture)]));
    return { name, action, slots };
  }
  return undefined;
}
