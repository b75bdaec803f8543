/** Calls that read well: at most two positional parameters and then one of options, and no boolean that says nothing at the call. */
import type { Node } from "oxc-parser";
import type { Finding } from "./finding.ts";
import { roleOf } from "./roles.ts";
import { reporter, type Source } from "./source.ts";
import { type FunctionNode, isFunction, walk } from "./walk.ts";
import type { World } from "./world.ts";

const report = reporter("signatures");

const MOST_PARAMETERS = 3;

/** Every function of product code that is hard to call right. */
export function checkSignatures({ sources }: World): readonly Finding[] {
  return sources.filter(({ path }) => ["product", "harness", "tool"].includes(roleOf(path))).flatMap(checkSource);
}

function checkSource(source: Source): readonly Finding[] {
  const found: Finding[] = [];
  walk(source.program, (node, parents) => {
    // A callback's parameters are its caller's choice.
    if (!isFunction(node) || !isDeclared(node, parents)) return;
    const message = objection(node);
    if (message !== undefined) found.push(report(source, node, message));
  });
  return found;
}

function objection({ params }: FunctionNode): string | undefined {
  if (params.length > MOST_PARAMETERS) {
    return `${params.length} parameters; at most two, then one options object.`;
  }
  const flag = params.find(isBoolean);
  return flag === undefined
    ? undefined
    : "a boolean parameter says nothing at the call; use an option, or two functions.";
}

/** A boolean that is the whole argument of a function is a value and no flag: `setMuted(isMuted)` has one, `play(x, true)` a flag. */
function isBoolean(param: Node, index: number): boolean {
  const pattern = param.type === "AssignmentPattern" ? param.left : param;
  return (
    index > 0 && pattern.type === "Identifier" && pattern.typeAnnotation?.typeAnnotation.type === "TSBooleanKeyword"
  );
}

/** Functions and methods with a name of their own. */
function isDeclared(node: Node, [parent]: readonly Node[]): boolean {
  if (node.type === "FunctionDeclaration") return true;
  return parent?.type === "VariableDeclarator" || parent?.type === "MethodDefinition";
}
