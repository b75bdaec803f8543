/**
 * Core files hold decisions and nothing else: no Node built-ins, no timers, no clock, no randomness, no logger, no library
 * but schemas; time, ids and randomness are arguments. Types may come from anywhere.
 *
 * A file is core when its opening comment says so (a sentence that begins with "Pure": `Pure.` or `Pure: no clock, no bus.`),
 * when it lies in a folder that is core throughout or is an `errors.ts`, or when a core file imports it at run time. A file that
 * exports `step` must say so.
 */
import type { Node } from "oxc-parser";
import type { Finding } from "./finding.ts";
import { importsOf, resolveImport } from "./imports.ts";
import { roleOf } from "./roles.ts";
import { reporter, type Source } from "./source.ts";
import { walk } from "./walk.ts";
import type { World } from "./world.ts";

const RULE = "core-files";
const report = reporter(RULE);

/** Whole folders of pure logic: they run in a browser. */
const CORE_FOLDERS = ["packages/contracts/src/", "packages/mqtt/src/contract/"];

/** What a core file may import by name, besides types. */
const CORE_LIBRARIES = [
  "zod",
  "@standard-schema/spec",
  "@ts-tars/contracts",
  "@ts-tars/mqtt/contract",
  "@ts-tars/service/peer",
];

const FORBIDDEN_GLOBALS = new Set(
  `setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask performance crypto process
  console fetch WebSocket localStorage`.split(/\s+/),
);

/** Every core file that reaches outside, and every `step` whose file does not say that it is core. */
export function checkCoreFiles({ sources, doors }: World): readonly Finding[] {
  const product = sources.filter(({ path }) => roleOf(path) === "product");
  const core = coreOf(product, doors);
  return product.flatMap((source) => {
    const because = core.get(source.path);
    return because === undefined
      ? checkUndeclaredStep(source)
      : [...checkImports(source, because), ...checkGlobals(source, because)];
  });
}

/** Core files by path, each with the reason why it is one: what it says itself, or who imports it. */
function coreOf(product: readonly Source[], doors: World["doors"]): ReadonlyMap<string, string> {
  const byPath = new Map(product.map((source) => [source.path, source]));
  const core = new Map(product.filter(isCore).map(({ path }) => [path, "a core file"]));
  // A map's iteration goes on to what is added meanwhile.
  for (const [path] of core) {
    const source = byPath.get(path);
    for (const { specifier, isTypeOnly } of source === undefined ? [] : importsOf(source)) {
      const target = source && specifier.startsWith(".") ? resolveImport(source, specifier, doors) : undefined;
      if (isTypeOnly || target === undefined || !byPath.has(target) || core.has(target)) continue;
      core.set(target, `a core file (${path} imports it)`);
    }
  }
  return core;
}

function isCore({ path, comments, program }: Source): boolean {
  if (path.endsWith("/errors.ts") || CORE_FOLDERS.some((folder) => path.startsWith(folder))) return true;
  const firstStatement = program.body[0]?.start ?? Number.POSITIVE_INFINITY;
  const afterImports = program.body.find(({ type }) => type !== "ImportDeclaration")?.start ?? firstStatement;
  return comments.some(({ start, value }) => start < afterImports && /(^|[\s*])Pure[.:,]/.test(value));
}

function checkImports(source: Source, because: string): readonly Finding[] {
  return importsOf(source)
    .filter(
      ({ isTypeOnly, specifier }) => !isTypeOnly && !specifier.startsWith(".") && !CORE_LIBRARIES.includes(specifier),
    )
    .map(({ specifier, line }) => ({
      path: source.path,
      line,
      rule: RULE,
      message: `${because} must not import ${specifier}; take what you need of it as an argument, or import only its types.`,
    }));
}

function checkGlobals(source: Source, because: string): readonly Finding[] {
  const declared = declaredNames(source);
  const found: Finding[] = [];
  walk(source.program, (node, [parent]) => {
    const reach = reachOutside(node, parent);
    if (reach !== undefined && !declared.has(reach.split(".")[0] ?? reach)) {
      found.push(report(source, node, `${because} must not use ${reach}; make it an argument.`));
    }
  });
  return found;
}

/** The forbidden thing that a node uses: a timer, the clock, randomness, the process. */
function reachOutside(node: Node, parent: Node | undefined): string | undefined {
  if (node.type === "NewExpression" && isNamed(node.callee, "Date")) {
    return node.arguments.length === 0 ? "Date.now (new Date() without a time)" : undefined;
  }
  if (node.type === "MemberExpression" && node.property.type === "Identifier") {
    const isClock = isNamed(node.object, "Date") && node.property.name === "now";
    const isDice = isNamed(node.object, "Math") && node.property.name === "random";
    return isClock ? "Date.now" : isDice ? "Math.random" : undefined;
  }
  if (node.type !== "Identifier" || !FORBIDDEN_GLOBALS.has(node.name)) return undefined;
  return isReference(node, parent) ? node.name : undefined;
}

/** Whether an identifier stands for a value, and not for a property's name or inside a type. */
function isReference(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined) return false;
  if (parent.type === "MemberExpression") return parent.object === node || parent.computed;
  if (parent.type === "Property") return parent.value === node;
  if (parent.type === "MethodDefinition" || parent.type === "PropertyDefinition") return parent.key !== node;
  const isExpressionWrapper = ["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression"].includes(parent.type);
  return isExpressionWrapper || !parent.type.startsWith("TS");
}

/** Names that the file binds itself; a parameter called `process` is not the global. */
function declaredNames(source: Source): ReadonlySet<string> {
  const names = new Set<string>();
  const bind = (pattern: Node): void =>
    walk(pattern, (node) => void (node.type === "Identifier" && names.add(node.name)));
  walk(source.program, (node) => {
    if (node.type === "VariableDeclarator") bind(node.id);
    if (node.type === "ImportSpecifier") bind(node.local);
    if (
      node.type === "FunctionDeclaration" ||
      node.type === "ArrowFunctionExpression" ||
      node.type === "FunctionExpression"
    ) {
      for (const param of node.params) bind(param);
    }
  });
  return names;
}

function checkUndeclaredStep(source: Source): readonly Finding[] {
  return source.program.body
    .filter(
      (statement) =>
        statement.type === "ExportNamedDeclaration" &&
        statement.declaration?.type === "FunctionDeclaration" &&
        statement.declaration.id?.name === "step",
    )
    .map((statement) =>
      report(source, statement, 'a file that exports `step` is core: say "Pure: no clock, …" in its opening comment.'),
    );
}

function isNamed(node: Node, name: string): boolean {
  return node.type === "Identifier" && node.name === name;
}
