/** The shape of an intents file, part by part, so that a mistake in one part hides none in another. Pure. */
import { z } from "zod";

/** Of phrases, lists and intents, and of the values of a list. */
export const NAME = /^[a-z][a-z_]{0,63}$/;
export const VALUE_NAME = /^[a-z0-9_]{1,64}$/;

const Source = z.string().min(1).max(2_000);

/** What a file consists of. Each part is checked by itself. */
export const FileParts = z.strictObject({
  phrases: z.record(z.string(), z.unknown()).default({}),
  lists: z.record(z.string(), z.unknown()).default({}),
  pronunciations: z.record(z.string(), z.unknown()).default({}),
  not_built: z.unknown().optional(),
  intents: z.record(z.string(), z.unknown()),
});

/** A phrase: one text, or a full form and the smaller one that the recogniser is taught. */
export const PhraseEntry = z.union([Source, z.strictObject({ written: Source, spoken: Source })], {
  error: 'must be a text, or "written" and "spoken"',
});

/** A list: its values, each with the words for it. */
export const ListEntry = z.record(
  z.string(),
  z.union([z.string(), z.number()], { error: "must be the words for it" }).transform(String).pipe(Source),
);

/** The templates of an intent; what else it holds is its action. */
export const IntentTemplates = z.object({
  templates: z.array(Source).min(1).max(100),
  also: z.array(Source).max(100).default([]),
  unless: z.array(Source).max(100).default([]),
});

/** How a word is spoken. */
export const PronunciationEntry = z
  .string()
  .regex(/^[A-Z]{1,3}( [A-Z]{1,3})*$/, "must be phones of the CMU dictionary without stress: T AA R Z");
