/**
 * The language in which intents are written: whole words, a `(one|two words)` choice, an `[optional|word]`, a `<phrase>` defined
 * elsewhere, `#` for a number in digits, and slots: `{text}` takes one word or more, `{minutes:number}` what its type allows.
 *
 *   [<can_you>] set [a] timer for {duration:duration} [called {name:name}]
 *
 * Pure. The tree is kept apart from what is made of it: a pattern (`template-pattern.ts`), and a recogniser's grammar (`grammar.ts`).
 */
export type TemplateNode =
  | { readonly kind: "word"; readonly word: string }
  /** A number as it is written; nobody says digits. */
  | { readonly kind: "digits" }
  | { readonly kind: "phrase"; readonly name: string }
  /** A part of the speaker's own. */
  | { readonly kind: "slot"; readonly name: string; readonly type: string }
  | { readonly kind: "choice"; readonly options: readonly Template[]; readonly isOptional: boolean };

/** A sequence. */
export type Template = readonly TemplateNode[];

/** Of a slot that names none: one word or more of any kind. */
export const TEXT_TYPE = "text";

const TOKEN = /\s*([([\])|#]|\{[a-z][a-z_]*(?::[a-z][a-z_]*)?\}|<[a-z][a-z_]*>|[\p{L}\p{N}]+)/uy;

/** @throws {SyntaxError} when the template breaks the language, with the place. */
export function parseTemplate(source: string): Template {
  const tokens = tokenize(source);
  const { template, next } = parseSequence(tokens, 0);
  if (next < tokens.length) throw new SyntaxError(`Unexpected "${tokens[next]}" in the template "${source}".`);
  return template;
}

/** Every node of a template, those inside choices too. */
export function nodesOf(template: Template): readonly TemplateNode[] {
  return template.flatMap((node) => [node, ...(node.kind === "choice" ? node.options.flatMap(nodesOf) : [])]);
}

function tokenize(source: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(source); match !== null; match = TOKEN.exec(source)) {
    tokens.push(match[1] ?? "");
    if (source.slice(TOKEN.lastIndex).trim() === "") return tokens;
  }
  throw new SyntaxError(`The template "${source}" cannot be read after "${tokens.join(" ")}".`);
}

interface Parsed {
  readonly template: Template;
  readonly next: number;
}

function parseSequence(tokens: readonly string[], from: number): Parsed {
  const template: TemplateNode[] = [];
  let at = from;
  for (let token = tokens[at]; token !== undefined && !"|)]".includes(token); token = tokens[at]) {
    if (token === "(" || token === "[") {
      const choice = parseChoice(tokens, { from: at + 1, closer: token === "(" ? ")" : "]" });
      template.push({ kind: "choice", options: choice.options, isOptional: token === "[" });
      at = choice.next;
    } else {
      template.push(parseAtom(token));
      at += 1;
    }
  }
  if (template.length === 0)
    throw new SyntaxError(`Words are missing before "${tokens[at] ?? "the end"}" in a template.`);
  return { template, next: at };
}

function parseAtom(token: string): TemplateNode {
  if (token === "#") return { kind: "digits" };
  if (token.startsWith("<")) return { kind: "phrase", name: token.slice(1, -1) };
  if (!token.startsWith("{")) return { kind: "word", word: token };
  const [name = "", type = TEXT_TYPE] = token.slice(1, -1).split(":");
  return { kind: "slot", name, type };
}

function parseChoice(tokens: readonly string[], { from, closer }: { readonly from: number; readonly closer: string }) {
  const options: Template[] = [];
  let at = from;
  for (;;) {
    const option = parseSequence(tokens, at);
    options.push(option.template);
    at = option.next + 1;
    const ended = tokens[option.next];
    if (ended === closer) return { options, next: at };
    if (ended !== "|") throw new SyntaxError(`"${closer}" is missing in a template, before "${ended ?? "the end"}".`);
  }
}
