/** The titles of a test file, and whether a title written in a document is one of them. */
import type { Argument, Node } from "oxc-parser";
import type { Source } from "./source.ts";
import { walk } from "./walk.ts";

/** A test's title: its fixed parts; between two of them stands something that is filled in when the test is made. */
export interface Title {
  readonly parts: readonly string[];
  readonly start: number;
}

/** Whether a name is one of Vitest's for tests and groups. */
export function isTestName(name: string): boolean {
  return ["it", "test", "describe", "suite"].includes(name);
}

/** The titles of `it` and `test`, in whatever form they are called; groups are not titles. */
export function titlesOf(source: Source): readonly Title[] {
  const found: Title[] = [];
  walk(source.program, (node) => {
    if (node.type !== "CallExpression" || !isTestCall(node.callee)) return;
    const [title, body] = node.arguments;
    const parts = partsOf(title);
    if (parts !== undefined && body !== undefined) found.push({ parts, start: node.start });
  });
  return found;
}

/** Whether `title` is one that the test would bear; `%s` and `$name` of `each` and `${…}` stand for anything. */
export function bearsTitle({ parts }: Title, title: string): boolean {
  const pattern = parts.map((part) =>
    part
      .split(/%[sdifjo]|\$[\w.]+/)
      .map(literally)
      .join(".+"),
  );
  return new RegExp(`^${pattern.join(".+")}$`, "s").test(title);
}

/** `it`, `test`, `it.each(table)`, `test.for(table)`, `it.concurrent` … */
function isTestCall(callee: Node): boolean {
  if (callee.type === "Identifier") return callee.name === "it" || callee.name === "test";
  if (callee.type === "MemberExpression") return isTestCall(callee.object);
  return (callee.type === "CallExpression" || callee.type === "TaggedTemplateExpression") && isTableCall(callee);
}

/** The inner call of `it.each(table)(title, body)`. */
function isTableCall(node: Node): boolean {
  const callee =
    node.type === "CallExpression" ? node.callee : node.type === "TaggedTemplateExpression" ? node.tag : node;
  return callee.type === "MemberExpression" && isTestCall(callee.object);
}

function partsOf(title: Argument | undefined): readonly string[] | undefined {
  if (title?.type === "Literal" && typeof title.value === "string") return [title.value];
  return title?.type === "TemplateLiteral" ? title.quasis.map(({ value }) => value.cooked ?? value.raw) : undefined;
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
