/**
 * The types of slots, and what their words mean. Pure.
 *
 * `text` takes one word or more, `name` at most four; `number` and `duration` are described in the templates' own language, so
 * that one description serves what is typed and the recogniser's grammar; every other type is a list of the intents file.
 */
import { NUMBER_WORDS, readDuration, readNumber } from "./numbers.ts";
import type { PhraseSource } from "./phrases.ts";

/** What takes the speaker's own words, and how many of them at most. */
export const OPEN_TYPES: Readonly<Record<string, number>> = { text: Number.POSITIVE_INFINITY, name: 4 };

/** How the words of a type are read: into a number in digits. */
const READERS: Readonly<Record<string, (words: readonly string[]) => number | undefined>> = {
  number: readNumber,
  duration: readDuration,
};

/** Types that are phrases of the same name. */
export const isMeasure = (type: string): boolean => Object.hasOwn(READERS, type);

/** The number that the words of such a type mean, in digits; a duration in seconds. */
export function readMeasure(type: string, words: readonly string[]): string | undefined {
  return READERS[type]?.(words)?.toString();
}

const { ones, teens, tens } = NUMBER_WORDS;

/** What `number` and `duration` look like, with the phrases they are made of. */
export const MEASURE_PHRASES: Readonly<Record<string, PhraseSource>> = {
  digit: `(${ones.join("|")})`,
  below_hundred: `((${tens.join("|")}) [<digit>]|${teens.join("|")}|<digit>)`,
  hundreds: {
    written: "(a|<digit>) hundred [[and] <below_hundred>]",
    spoken: "(a|one) hundred",
  },
  number: {
    written: "(# [point #]|zero|<hundreds>|<below_hundred> [point (zero|<digit>)])",
    spoken: "(zero|<hundreds>|<below_hundred>)",
  },
  time_unit: {
    written: "(second|seconds|sec|secs|s|minute|minutes|min|mins|m|hour|hours|hr|hrs|h|day|days)",
    spoken: "(second|seconds|minute|minutes|hour|hours)",
  },
  time_span: "(a|an|<number>) <time_unit>",
  time_fraction: {
    written: "([a] half [a|an] <time_unit>|[a] quarter [of] [a|an] <time_unit>|three quarters of (a|an) <time_unit>)",
    spoken: "(half (a minute|an hour)|a quarter of an hour)",
  },
  duration: {
    written:
      "(<time_fraction>|<number> and a (half|quarter) <time_unit>|<time_span> and a (half|quarter)|a couple of <time_unit>|<time_span> [[and] <time_span> [[and] <time_span>]])",
    spoken:
      "(<time_fraction>|<digit> and a half (minutes|hours)|an hour and a half|<time_span>|(an|<digit>) (hour|hours) [and] <below_hundred> minutes|(a|<digit>) (minute|minutes) [and] <below_hundred> seconds)",
  },
};
