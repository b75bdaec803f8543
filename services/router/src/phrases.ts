/** Pieces of templates that have a name. Pure. */
import { parseTemplate, type Template } from "./template.ts";

/**
 * A piece that several templates share. `spoken` is the smaller form that the recogniser is taught, whose accuracy suffers from
 * everything that nobody says; a plain text is both.
 */
export type PhraseSource = string | { readonly written: string; readonly spoken: string };

export interface Phrase {
  readonly written: Template;
  readonly spoken: Template;
}

/** @throws {SyntaxError} when one of its templates is broken. */
export function parsePhrase(source: PhraseSource): Phrase {
  if (typeof source === "string") return { written: parseTemplate(source), spoken: parseTemplate(source) };
  return { written: parseTemplate(source.written), spoken: parseTemplate(source.spoken) };
}
