/** Sentences of a grammar, as if somebody had spoken them at random. Pure: the same grammar gives the same sentences. */
import type { Expansion, ParsedGrammar } from "./jsgf.ts";

/** People are brief: what may be left out mostly is. */
const OPTIONAL_PROBABILITY = 0.35;
/** What may be said again and again is said so often at most. */
const REPEAT_MAX = 3;
const SEED = 0x7a12_55ed;

/** So many sentences, each a list of words; every alternative of a choice is as likely as the others. */
export function sampleSentences(grammar: ParsedGrammar, count: number): readonly (readonly string[])[] {
  const sampler = new Sampler(grammar);
  return Array.from({ length: count }, () => sampler.sentence()).filter((sentence) => sentence.length > 0);
}

class Sampler {
  readonly #grammar: ParsedGrammar;
  #state = SEED;

  constructor(grammar: ParsedGrammar) {
    this.#grammar = grammar;
  }

  sentence(): readonly string[] {
    return this.#expand({ kind: "rule", name: this.#grammar.publicRule });
  }

  #expand(expansion: Expansion): readonly string[] {
    switch (expansion.kind) {
      case "word":
        return [expansion.word];
      case "rule": {
        const rule = this.#grammar.rules.get(expansion.name);
        return rule === undefined ? [] : this.#expand(rule);
      }
      case "sequence":
        return expansion.parts.flatMap((part) => this.#expand(part));
      case "choice": {
        const option = expansion.options[Math.floor(this.#next() * expansion.options.length)];
        return option === undefined ? [] : this.#expand(option);
      }
      case "repeat":
        return this.#repeat(expansion);
    }
  }

  #repeat({ part, isOptional, isEndless }: Extract<Expansion, { kind: "repeat" }>): readonly string[] {
    const words: string[] = [];
    const timesMax = isEndless ? REPEAT_MAX : 1;
    for (let times = 0; times < timesMax; times += 1) {
      const isOwed = times === 0 && !isOptional;
      if (!isOwed && this.#next() >= OPTIONAL_PROBABILITY) break;
      words.push(...this.#expand(part));
    }
    return words;
  }

  /** Mulberry32: from 0 to below 1. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
