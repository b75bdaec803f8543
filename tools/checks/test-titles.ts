/** The titles of a test file, and whether a title written in a document is one of them. */
import type { Argument, Node } from "oxc-parser";
import type { Source } from "./source.ts";
import { walk } from "./walk.ts";

/** A test's title: its fixed parts; between two of them stands something that is filled in when the test is made. */
export interface Title {
  readonly parts: readonly string[];
  /** The titles of the groups around it, the outermost first. */
  readonly groups: readonly (readonly string[])[];
  readonly start: number;
}

const TESTS = ["it", "test"];
const GROUPS = ["describe", "suite"];

/** Whether a name is one of Vitest's for tests and groups. */
export function isTestName(name: string): boolean {
  return TESTS.includes(name) || GROUPS.includes(name);
}

/** The titles of `it` and `test`, in whatever form they are called; groups are not titles. */
export function titlesOf(source: Source): readonly Title[] {
  const found: Title[] = [];
  walk(source.program, (node, parents) => {
    const parts = titleIn(node, TESTS);
    if (parts === undefined) return;
    const groups = parents.flatMap((parent) => {
      const group = titleIn(parent, GROUPS);
      return group === undefined ? [] : [group];
    });
    found.push({ parts, groups: groups.reverse(), start: node.start });
  });
  return found;
}

/**
 * Whether `title` is one that the test would bear, by itself or behind its groups (`the client > settles`). `%s` and `$name` of
 * `each` and `${…}` stand for anything.
 */
export function bearsTitle({ parts, groups }: Title, title: string): boolean {
  const names = [...groups, parts].map(patternOf);
  return names.some((_, index) => new RegExp(`^${names.slice(index).join(" > ")}$`, "s").test(title));
}

function patternOf(parts: readonly string[]): string {
  const fixed = parts.map((part) =>
    part
      .split(/%(?:[sdifjo#]|0?x)|\$[\w.]+/)
      .map(literally)
      .join(".+"),
  );
  return fixed.join(".+");
}

/** The title of a call of one of these functions: `it(…)`, `it.each(table)(…)`, `describe.for(table)(…)`. */
function titleIn(node: Node, names: readonly string[]): readonly string[] | undefined {
  if (node.type !== "CallExpression" || !isCallOf(node.callee, names)) return undefined;
  const [title, body] = node.arguments;
  return body === undefined ? undefined : partsOf(title);
}

function isCallOf(callee: Node, names: readonly string[]): boolean {
  if (callee.type === "Identifier") return names.includes(callee.name);
  if (callee.type === "MemberExpression") return isCallOf(callee.object, names);
  const table = callee.type === "CallExpression" ? callee.callee : undefined;
  const tagged = callee.type === "TaggedTemplateExpression" ? callee.tag : table;
  return tagged?.type === "MemberExpression" && isCallOf(tagged.object, names);
}

function partsOf(title: Argument | undefined): readonly string[] | undefined {
  if (title?.type === "Literal" && typeof title.value === "string") return [title.value];
  return title?.type === "TemplateLiteral" ? title.quasis.map(({ value }) => value.cooked ?? value.raw) : undefined;
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
