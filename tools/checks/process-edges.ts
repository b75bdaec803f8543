/**
 * The process belongs to the edge: environment, arguments, signals and exit codes only in `service`, in the entry of the `cli`, and
 * where `audio` runs child processes, so that every service can also run beside others in one process, or in a test.
 */
import type { Node } from "oxc-parser";
import type { Finding } from "./finding.ts";
import { importsOf } from "./imports.ts";
import { roleOf } from "./roles.ts";
import { reporter, type Source } from "./source.ts";
import { walk } from "./walk.ts";
import type { World } from "./world.ts";

const RULE = "process-edges";
const report = reporter(RULE);

const EDGES = [
  "packages/service/src/",
  "packages/cli/bin/",
  "packages/cli/src/main.ts",
  // Engines and players live in processes of their own: these two start them, are them, and end their groups.
  "packages/audio/src/program/",
  "packages/audio/src/engine-host/",
];

const EDGE_ONLY = new Set("env argv on once off addListener exit exitCode kill abort chdir".split(" "));

/** Every use of the process away from the edge. */
export function checkProcessEdges({ sources }: World): readonly Finding[] {
  return sources
    .filter(({ path }) => roleOf(path) === "product" && !EDGES.some((edge) => path.startsWith(edge)))
    .flatMap((source) => [...checkMembers(source), ...checkImports(source)]);
}

function checkMembers(source: Source): readonly Finding[] {
  const found: Finding[] = [];
  walk(source.program, (node) => {
    for (const member of membersTaken(node)) {
      if (!EDGE_ONLY.has(member)) continue;
      const message = `process.${member} belongs to packages/service and the cli's entry; take what you need as an argument.`;
      found.push(report(source, node, message));
    }
  });
  return found;
}

/** The members of `process` that a node takes: `process.env`, `process["env"]`, `const { env } = process`. */
function membersTaken(node: Node): readonly string[] {
  if (node.type === "MemberExpression" && isProcess(node.object)) return [nameOf(node.property)];
  if (
    node.type === "VariableDeclarator" &&
    node.init !== null &&
    isProcess(node.init) &&
    node.id.type === "ObjectPattern"
  ) {
    return node.id.properties.flatMap((property) => (property.type === "Property" ? [nameOf(property.key)] : []));
  }
  return [];
}

function isProcess(node: Node): boolean {
  if (node.type === "Identifier") return node.name === "process";
  return (
    node.type === "MemberExpression" && nameOf(node.object) === "globalThis" && nameOf(node.property) === "process"
  );
}

function nameOf(node: Node): string {
  if (node.type === "Identifier") return node.name;
  return node.type === "Literal" && typeof node.value === "string" ? node.value : "";
}

function checkImports(source: Source): readonly Finding[] {
  return importsOf(source)
    .filter(({ specifier }) => specifier === "node:process" || specifier === "process")
    .map(({ line, specifier }) => ({
      path: source.path,
      line,
      rule: RULE,
      message: `${specifier} belongs to packages/service and the cli's entry.`,
    }));
}
