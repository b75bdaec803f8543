/**
 * The part of JSGF that grammars of commands are written in: rules that do not refer to themselves, sequences, `a | b`, `(…)`, `[…]`,
 * `*`, `+`, weights, tags and comments. Pure.
 */
export type Expansion =
  | { readonly kind: "word"; readonly word: string }
  | { readonly kind: "rule"; readonly name: string }
  | { readonly kind: "sequence"; readonly parts: readonly Expansion[] }
  | { readonly kind: "choice"; readonly options: readonly Expansion[] }
  | { readonly kind: "repeat"; readonly part: Expansion; readonly isOptional: boolean; readonly isEndless: boolean };

export interface ParsedGrammar {
  /** The name of the rule that is spoken. */
  readonly publicRule: string;
  readonly rules: ReadonlyMap<string, Expansion>;
}

/** @throws {SyntaxError} with the place and what was expected there. */
export function parseJsgf(source: string): ParsedGrammar {
  const tokens = tokensOf(source);
  return new Parser(tokens).grammar();
}

/** Every word of a grammar, once. */
export function wordsOf({ rules }: ParsedGrammar): ReadonlySet<string> {
  const words = new Set<string>();
  const collect = (expansion: Expansion): void => {
    if (expansion.kind === "word") words.add(expansion.word);
    else if (expansion.kind === "sequence") expansion.parts.forEach(collect);
    else if (expansion.kind === "choice") expansion.options.forEach(collect);
    else if (expansion.kind === "repeat") collect(expansion.part);
  };
  for (const expansion of rules.values()) collect(expansion);
  return words;
}

function tokensOf(source: string): readonly string[] {
  const uncommented = source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, " ");
  if (!/^\s*#JSGF\s/.test(uncommented)) throw new SyntaxError('A grammar begins with "#JSGF V1.0;".');
  // The header names the dialect and its encoding; the name of the grammar means nothing here.
  const body = uncommented.replace(/^\s*#JSGF[^;]*;/, " ").replace(/^\s*grammar\s[^;]*;/, " ");
  return body.match(/<[^<>]*>|\{[^{}]*\}|\/[0-9.eE+-]+\/|"[^"]*"|[=|;()[\]*+]|[^\s=|;()[\]*+<>{}"/]+|\S/g) ?? [];
}

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  grammar(): ParsedGrammar {
    const rules = new Map<string, Expansion>();
    let publicRule: string | undefined;
    while (this.#at < this.#tokens.length) {
      const isPublic = this.#takeIf("public");
      const name = this.#ruleName();
      this.#take("=");
      rules.set(name, this.#choice());
      this.#take(";");
      if (isPublic) publicRule ??= name;
    }
    if (publicRule === undefined) throw new SyntaxError("The grammar has no public rule.");
    const circular = [...rules.keys()].find((name) => refersTo(name, name, rules));
    if (circular !== undefined) throw new SyntaxError(`The rule <${circular}> refers to itself.`);
    const missing = [...rules.values()].flatMap((each) => [...referencesOf(each)]).find((name) => !rules.has(name));
    if (missing !== undefined) throw new SyntaxError(`The grammar refers to <${missing}>, which it does not define.`);
    return { publicRule, rules };
  }

  #choice(): Expansion {
    const options = [this.#sequence()];
    while (this.#takeIf("|")) options.push(this.#sequence());
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: "choice", options };
  }

  #sequence(): Expansion {
    const parts: Expansion[] = [];
    for (let next = this.#peek(); next !== undefined && !["|", ";", ")", "]"].includes(next); next = this.#peek()) {
      const isAside = next.startsWith("{") || /^\/[0-9]/.test(next);
      if (isAside) this.#at += 1;
      else parts.push(this.#repeated(this.#part()));
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: "sequence", parts };
  }

  #part(): Expansion {
    if (this.#takeIf("(")) return this.#closed(")");
    if (this.#takeIf("[")) {
      return { kind: "repeat", part: this.#closed("]"), isOptional: true, isEndless: false };
    }
    if (this.#peek()?.startsWith("<")) return this.#reference();
    const token = this.#next();
    const words = token.startsWith('"') ? token.slice(1, -1).trim().split(/\s+/) : [token];
    if (!words.every((word) => /^[\p{L}\p{N}'._-]+$/u.test(word))) throw this.#unexpected(token, "a word");
    const [only = "", ...more] = words;
    if (more.length === 0) return { kind: "word", word: only };
    return { kind: "sequence", parts: words.map((word) => ({ kind: "word", word })) };
  }

  #reference(): Expansion {
    const name = this.#ruleName();
    if (name === "NULL") return { kind: "sequence", parts: [] };
    return name === "VOID" ? { kind: "choice", options: [] } : { kind: "rule", name };
  }

  #closed(bracket: ")" | "]"): Expansion {
    const inner = this.#choice();
    this.#take(bracket);
    return inner;
  }

  #repeated(part: Expansion): Expansion {
    if (this.#takeIf("*")) return { kind: "repeat", part, isOptional: true, isEndless: true };
    return this.#takeIf("+") ? { kind: "repeat", part, isOptional: false, isEndless: true } : part;
  }

  #ruleName(): string {
    const token = this.#next();
    const name = /^<\s*([^<>\s]+)\s*>$/.exec(token)?.[1];
    if (name === undefined) throw this.#unexpected(token, "a rule such as <command>");
    return name;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string {
    const token = this.#peek();
    if (token === undefined) throw new SyntaxError("The grammar ends in the middle of a rule.");
    this.#at += 1;
    return token;
  }

  #take(expected: string): void {
    const token = this.#next();
    if (token !== expected) throw this.#unexpected(token, `"${expected}"`);
  }

  #takeIf(expected: string): boolean {
    if (this.#peek() !== expected) return false;
    this.#at += 1;
    return true;
  }

  #unexpected(token: string, expected: string): SyntaxError {
    const before = this.#tokens.slice(Math.max(0, this.#at - 6), this.#at - 1).join(" ");
    return new SyntaxError(`The grammar has "${token.slice(0, 40)}" after "${before}", where ${expected} is expected.`);
  }
}

/** Whether a rule leads to another one, over any number of rules. */
function refersTo(from: string, target: string, rules: ReadonlyMap<string, Expansion>): boolean {
  const reached = new Set([from]);
  // A set's iteration goes on to what is added meanwhile.
  for (const name of reached) {
    const expansion = rules.get(name);
    const next = expansion === undefined ? [] : referencesOf(expansion);
    if (next.includes(target)) return true;
    for (const each of next) reached.add(each);
  }
  return false;
}

function referencesOf(expansion: Expansion): readonly string[] {
  switch (expansion.kind) {
    case "word":
      return [];
    case "rule":
      return [expansion.name];
    case "sequence":
      return expansion.parts.flatMap(referencesOf);
    case "choice":
      return expansion.options.flatMap(referencesOf);
    case "repeat":
      return referencesOf(expansion.part);
  }
}
