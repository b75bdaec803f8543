/** Constructs that switch the type checker off, or that Node's type stripping cannot run. */
import type { Node } from "oxc-parser";
import type { Finding } from "./finding.ts";
import { roleOf } from "./roles.ts";
import { lineAt, reporter, type Source } from "./source.ts";
import { walk } from "./walk.ts";
import type { World } from "./world.ts";

const report = reporter("forbidden");

/** Every forbidden construct, and every cast or `!` without its reason. */
export function checkForbidden({ sources }: World): readonly Finding[] {
  return sources.flatMap((source) => [...checkNodes(source), ...checkComments(source)]);
}

function checkNodes(source: Source): readonly Finding[] {
  const reasonLines = linesWithReason(source);
  const found: Finding[] = [];
  walk(source.program, (node) => {
    const message = forbiddenAnywhere(node, source) ?? forbiddenWithoutReason(source, { node, reasonLines });
    if (message !== undefined) found.push(report(source, node, message));
  });
  // A chain of casts on one line needs one reason, not one per cast.
  return found.filter(
    ({ line, message }, index) => index === found.findIndex((f) => f.line === line && f.message === message),
  );
}

function forbiddenAnywhere(node: Node, source: Source): string | undefined {
  switch (node.type) {
    case "TSAnyKeyword":
      return "`any` switches the checker off; use `unknown` and narrow it.";
    case "TSEnumDeclaration":
      return "no `enum`; use a union of string literals.";
    case "TSModuleDeclaration":
      return node.id.type === "Identifier" && node.kind !== "global"
        ? "no `namespace`; a file is the namespace."
        : undefined;
    case "TSTypeAssertion":
      return "no `<T>value`; narrow it, or use `as` with its reason.";
    case "ExportDefaultDeclaration":
      return roleOf(source.path) === "config" ? undefined : "no `export default`; name the export.";
    default:
      return undefined;
  }
}

function forbiddenWithoutReason(
  source: Source,
  { node, reasonLines }: { readonly node: Node; readonly reasonLines: ReadonlySet<number> },
): string | undefined {
  const at = leapOfFaith(node);
  if (at === undefined) return undefined;
  // The formatter may break a long expression: the reason may stand where it ends, or on the line above its beginning.
  const lines = [lineAt(source, at.offset), lineAt(source, node.end), lineAt(source, node.start)];
  if (lines.some((line) => reasonLines.has(line)) || reasonLines.has(lineAt(source, node.start) - 1)) return undefined;
  return `\`${at.sign}\` needs its reason in a comment on the line; better narrow the type so that it is not needed.`;
}

/** Where a node claims what the checker cannot see. */
function leapOfFaith(node: Node): { readonly sign: string; readonly offset: number } | undefined {
  if (node.type === "TSAsExpression") {
    const { typeAnnotation: type } = node;
    const isConst =
      type.type === "TSTypeReference" && type.typeName.type === "Identifier" && type.typeName.name === "const";
    return isConst ? undefined : { sign: "as", offset: type.start };
  }
  if (node.type === "TSNonNullExpression") return { sign: "!", offset: node.end - 1 };
  const isDefinite =
    (node.type === "VariableDeclarator" || node.type === "PropertyDefinition") && node.definite === true;
  return isDefinite ? { sign: "!", offset: node.start } : undefined;
}

/** Lines on which a comment stands that is more than one word and no documentation. */
function linesWithReason(source: Source): ReadonlySet<number> {
  const reasons = source.comments.filter(({ value }) => !value.startsWith("*") && /\S\s+\S/.test(value));
  return new Set(reasons.flatMap(({ start, end }) => [lineAt(source, start), lineAt(source, end)]));
}

function checkComments(source: Source): readonly Finding[] {
  return source.comments.flatMap((comment) => {
    if (/^\s*@ts-(ignore|nocheck)\b/.test(comment.value)) {
      return [report(source, comment, "no `@ts-ignore`; mend the type.")];
    }
    const isBare = /^\s*@ts-expect-error\s*$/.test(comment.value);
    return isBare ? [report(source, comment, "`@ts-expect-error` needs the error it expects behind it.")] : [];
  });
}
