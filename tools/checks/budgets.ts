/** Sizes: how long a file and a function may be, and how deep code may nest. The aims are printed, the limits refused. */
import type { Node } from "oxc-parser";
import type { Finding } from "./finding.ts";
import { roleOf } from "./roles.ts";
import { lineAt, lineCount, reporter, type Source } from "./source.ts";
import { isFunction, walk } from "./walk.ts";
import type { World } from "./world.ts";

const report = reporter("budgets");

const FILE_LINES = 300;
/** Lists of fields and page components read well at a length where logic no longer does. */
const LONG_FILE_LINES = 400;
const FUNCTION_LINES = 60;
const NESTING = 4;

const NESTING_STATEMENTS = new Set(
  "IfStatement ForStatement ForInStatement ForOfStatement WhileStatement DoWhileStatement SwitchStatement TryStatement".split(
    " ",
  ),
);

/** Every file, function and block beyond its limit. */
export function checkBudgets({ sources }: World): readonly Finding[] {
  return sources.flatMap((source) => [...checkFile(source), ...checkFunctions(source), ...checkNesting(source)]);
}

/** Median and 90th percentile of product code, one line: the aims of the house style. */
export function describeSizes({ sources }: World): string {
  const product = sources.filter(({ path }) => roleOf(path) === "product");
  const files = product.map(lineCount);
  const functions = product.flatMap(functionLines);
  return (
    `files: median ${percentile(files, 50)}, p90 ${percentile(files, 90)} lines (aim 80, 200); ` +
    `functions: p90 ${percentile(functions, 90)} lines (aim 25)`
  );
}

function checkFile(source: Source): readonly Finding[] {
  const isLong = source.path.endsWith(".tsx") || source.path.startsWith("packages/contracts/src/");
  const limit = isLong ? LONG_FILE_LINES : FILE_LINES;
  const lines = lineCount(source);
  if (lines <= limit) return [];
  return [report(source, { start: 0 }, `${lines} lines, at most ${limit}: find the second idea in it.`)];
}

function checkFunctions(source: Source): readonly Finding[] {
  const found: Finding[] = [];
  walk(source.program, (node, [parent]) => {
    if (!isFunction(node) || isDescribe(parent)) return;
    const lines = linesOf(source, node);
    if (lines > FUNCTION_LINES) {
      found.push(report(source, node, `a function of ${lines} lines, at most ${FUNCTION_LINES}: name its parts.`));
    }
  });
  return found;
}

function checkNesting(source: Source): readonly Finding[] {
  const found: Finding[] = [];
  walk(source.program, (node, parents) => {
    const [parent] = parents;
    const depth = depthOf([node, ...parents]);
    // Only the block that crosses the limit is reported, not everything inside it.
    if (nests(node, parent) && depth === NESTING + 1) {
      found.push(report(source, node, `nested ${depth} deep, at most ${NESTING}: return early or name a part.`));
    }
  });
  return found;
}

/** How many blocks enclose the first node, itself included; the outermost function is the ground. */
function depthOf(chain: readonly Node[]): number {
  const nesting = chain.filter((node, index) => nests(node, chain[index + 1]));
  return nesting.length - (nesting.some(isFunction) ? 1 : 0);
}

/** Statements that nest, and functions with a block; `else if` is not deeper than its `if`, `(x) => x.y` not deep at all. */
function nests(node: Node, parent: Node | undefined): boolean {
  if (isFunction(node)) return node.body?.type === "BlockStatement";
  if (!NESTING_STATEMENTS.has(node.type)) return false;
  return !(node.type === "IfStatement" && parent?.type === "IfStatement" && parent.alternate === node);
}

/** `describe` only groups; its callback is as long as its tests. */
function isDescribe(parent: Node | undefined): boolean {
  if (parent?.type !== "CallExpression") return false;
  let { callee }: { callee: Node } = parent;
  while (callee.type === "CallExpression" || callee.type === "MemberExpression") {
    callee = callee.type === "CallExpression" ? callee.callee : callee.object;
  }
  return callee.type === "Identifier" && callee.name === "describe";
}

function functionLines(source: Source): readonly number[] {
  const lines: number[] = [];
  walk(source.program, (node) => void (isFunction(node) && lines.push(linesOf(source, node))));
  return lines;
}

function linesOf(source: Source, { start, end }: Node): number {
  return lineAt(source, end) - lineAt(source, start) + 1;
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
}
