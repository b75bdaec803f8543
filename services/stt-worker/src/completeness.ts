/** Whether a text is a whole sentence of a grammar: a recogniser in the middle of one tells a path that leads somewhere. Pure. */
import { type Expansion, parseJsgf } from "./jsgf.ts";

/** Tells for a text, words with one space between, whether the grammar has it. */
export type Completeness = (text: string) => boolean;

/** Without a grammar nothing is a command. */
export const NOTHING_IS_COMPLETE: Completeness = () => false;

/** @throws {SyntaxError} when it is no grammar. */
export function completenessOf(jsgf: string): Completeness {
  const { publicRule, rules } = parseJsgf(jsgf);
  return (text) => {
    const words = text.split(" ").filter((word) => word !== "");
    if (words.length === 0) return false;
    return new Walk(words, rules).ends({ kind: "rule", name: publicRule }, new Set([0])).has(words.length);
  };
}

class Walk {
  readonly #words: readonly string[];
  readonly #rules: ReadonlyMap<string, Expansion>;
  /** By rule and where it may begin: a rule that is used a thousand times is walked once. */
  readonly #known = new Map<string, ReadonlySet<number>>();

  constructor(words: readonly string[], rules: ReadonlyMap<string, Expansion>) {
    this.#words = words;
    this.#rules = rules;
  }

  /** Where the expansion may end when it may begin at any of `starts`. */
  ends(expansion: Expansion, starts: ReadonlySet<number>): ReadonlySet<number> {
    if (starts.size === 0) return starts;
    switch (expansion.kind) {
      case "word":
        return new Set([...starts].filter((at) => this.#words[at] === expansion.word).map((at) => at + 1));
      case "rule":
        return this.#rule(expansion.name, starts);
      case "sequence":
        return expansion.parts.reduce((from, part) => this.ends(part, from), starts);
      case "choice":
        return new Set(expansion.options.flatMap((option) => [...this.ends(option, starts)]));
      case "repeat": {
        const once = this.ends(expansion.part, starts);
        const all = expansion.isEndless ? this.#again(expansion.part, once) : once;
        return expansion.isOptional ? new Set([...starts, ...all]) : all;
      }
    }
  }

  #rule(name: string, starts: ReadonlySet<number>): ReadonlySet<number> {
    const key = `${name} ${[...starts].sort().join()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const expansion = this.#rules.get(name);
    const ends = expansion === undefined ? new Set<number>() : this.ends(expansion, starts);
    this.#known.set(key, ends);
    return ends;
  }

  #again(part: Expansion, first: ReadonlySet<number>): ReadonlySet<number> {
    const all = new Set(first);
    // A set's iteration goes on to what is added meanwhile.
    for (const start of all) for (const end of this.ends(part, new Set([start]))) all.add(end);
    return all;
  }
}
