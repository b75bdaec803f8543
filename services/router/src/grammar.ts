/**
 * The commands as a recogniser's grammar (JSGF), made of the same templates that understand what is typed. Pure.
 *
 * What takes the speaker's own words (`{text}`), and digits, which nobody says, are left out with the smallest part around them
 * that is one of several or optional; a template that consists of nothing else is left to the open decoder.
 */
import type { Courtesies, Intent } from "./intents.ts";
import { isMeasure, OPEN_TYPES } from "./slot-types.ts";
import type { Template, TemplateNode } from "./template.ts";
import { listOf, phraseOf, type Vocabulary } from "./vocabulary.ts";
import { saidInOne, spelledOut } from "./words.ts";

export interface GrammarSource {
  readonly intents: readonly Intent[];
  readonly courtesies: Courtesies;
  readonly vocabulary: Vocabulary;
}

/** One public rule, `command`; every other rule is a phrase, a list or an intent. */
export function grammarOf({ intents, courtesies, vocabulary }: GrammarSource): string {
  const rules = new Rules(vocabulary);
  const names = intents.flatMap(({ name, templates }) => rules.define(`intent_${name}`, () => templates) ?? []);
  const before = rules.expand(courtesies.before) ?? "";
  const after = rules.expand(courtesies.after) ?? "";
  const command = `public <command> = ${before} (${names.join(" | ")}) ${after};`.replaceAll("  ", " ");
  return ["#JSGF V1.0;", "grammar tars;", command, ...rules.lines, ""].join("\n");
}

/** What `intents/current` carries. */
export interface Grammar {
  readonly jsgf: string;
  readonly words: readonly { readonly word: string; readonly phones: string }[];
}

/** How the words of the grammar are spoken that the recogniser's dictionary may lack. */
export function pronunciationsOf(jsgf: string, pronunciations: ReadonlyMap<string, string>): Grammar["words"] {
  return wordsOfGrammar(jsgf).flatMap((word) => {
    const phones = pronunciations.get(word);
    return phones === undefined ? [] : [{ word, phones }];
  });
}

/** The words of a grammar, each once, in the order of the alphabet. */
export function wordsOfGrammar(jsgf: string): readonly string[] {
  const rules = jsgf.split("\n").filter((line) => line.includes(" = "));
  const words = rules.flatMap((rule) =>
    rule
      .slice(rule.indexOf(" = ") + 3)
      .replace(/<[a-z_0-9]+>/g, " ")
      .split(/[\s()[\]|;]+/),
  );
  return [...new Set(words.filter((word) => word !== ""))].sort();
}

class Rules {
  readonly #vocabulary: Vocabulary;
  /** By name; undefined for what cannot be in a grammar. */
  readonly #rules = new Map<string, string | undefined>();

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  get lines(): readonly string[] {
    return [...this.#rules].flatMap(([name, body]) => (body === undefined ? [] : [`<${name}> = ${body};`]));
  }

  /** A reference to the rule, which is made of the templates when it is first asked for. */
  define(name: string, templates: () => readonly Template[]): string | undefined {
    if (!this.#rules.has(name)) this.#rules.set(name, this.#alternatives(templates()));
    return this.#rules.get(name) === undefined ? undefined : `<${name}>`;
  }

  /** A template as JSGF; undefined when a part that it needs cannot be in a grammar. */
  expand(template: Template): string | undefined {
    const parts: string[] = [];
    for (let at = 0; at < template.length; at += 1) {
      const [node, next] = [template[at], template[at + 1]];
      const inOne = node?.kind === "word" && next?.kind === "word" ? saidInOne(node.word, next.word) : undefined;
      const part = inOne === undefined ? this.#expandNode(node) : `(${pairOf(node, next)} | ${inOne})`;
      if (part === undefined) return undefined;
      if (inOne !== undefined) at += 1;
      parts.push(part);
    }
    return parts.filter((part) => part !== "").join(" ");
  }

  #expandNode(node: TemplateNode | undefined): string | undefined {
    switch (node?.kind) {
      case undefined:
        return "";
      case "word":
        return spelledOut(node.word);
      case "digits":
        return undefined;
      case "phrase":
        return this.#phrase(node.name);
      case "choice": {
        const options = this.#alternatives(node.options);
        if (node.isOptional) return options === undefined ? "" : `[${options}]`;
        return options === undefined ? undefined : `(${options})`;
      }
      case "slot":
        return this.#slot(node.type);
    }
  }

  #phrase(name: string): string | undefined {
    return this.define(name, () => [phraseOf(this.#vocabulary, name).spoken]);
  }

  #slot(type: string): string | undefined {
    if (Object.hasOwn(OPEN_TYPES, type)) return undefined;
    if (isMeasure(type)) return this.#phrase(type);
    return this.define(`list_${type}`, () => listOf(this.#vocabulary, type).map(({ template }) => template));
  }

  #alternatives(templates: readonly Template[]): string | undefined {
    const options = templates.map((template) => this.expand(template)).filter((option) => option !== undefined);
    return options.length === 0 ? undefined : [...new Set(options)].join(" | ");
  }
}

function pairOf(first: TemplateNode | undefined, second: TemplateNode | undefined): string {
  return [first, second].map((node) => (node?.kind === "word" ? spelledOut(node.word) : "")).join(" ");
}
