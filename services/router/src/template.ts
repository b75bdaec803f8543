/**
 * The language in which intents are written: whole words, `(one|two words)`, `[optional|words]`, `{slot}`.
 *
 *   what (time is it|is the time) [now]         say {text}
 *
 * Pure. The tree is kept apart from the pattern made of it: a recogniser's grammar is made of the same tree.
 */
export type TemplateNode =
  | { readonly kind: "word"; readonly word: string }
  /** One word or more of the speaker's own. */
  | { readonly kind: "slot"; readonly name: string }
  | { readonly kind: "choice"; readonly options: readonly Template[]; readonly isOptional: boolean };

/** A sequence. */
export type Template = readonly TemplateNode[];

const TOKEN = /\s*([([\])|]|\{[a-z_]+\}|[\p{L}\p{N}]+)/uy;

/** @throws {SyntaxError} when the template breaks the language, with the place. */
export function parseTemplate(source: string): Template {
  const tokens = tokenize(source);
  const { template, next } = parseSequence(tokens, 0);
  if (next < tokens.length) throw new SyntaxError(`Unexpected "${tokens[next]}" in the template "${source}".`);
  return template;
}

/** The pattern of a template over words that are each followed by one space; slots are named groups. */
export function templatePattern(template: Template): string {
  return template.map(nodePattern).join("");
}

function nodePattern(node: TemplateNode): string {
  if (node.kind === "word") return `${node.word} `;
  if (node.kind === "slot") return `(?<${node.name}>(?:\\S+ )+?)`;
  return `(?:${node.options.map(templatePattern).join("|")})${node.isOptional ? "?" : ""}`;
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
      template.push(token.startsWith("{") ? { kind: "slot", name: token.slice(1, -1) } : { kind: "word", word: token });
      at += 1;
    }
  }
  if (template.length === 0)
    throw new SyntaxError(`Words are missing before "${tokens[at] ?? "the end"}" in a template.`);
  return { template, next: at };
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
