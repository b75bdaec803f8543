import { type Node, visitorKeys } from "oxc-parser";

/**
 * Calls `visit` for each node below and including `root`, parents first. `parents` begins with the direct parent; it is only
 * valid during the call.
 */
export function walk(root: Node, visit: (node: Node, parents: readonly Node[]) => void): void {
  const parents: Node[] = [];
  const descend = (node: Node): void => {
    visit(node, parents);
    parents.unshift(node);
    for (const child of childrenOf(node)) descend(child);
    parents.shift();
  };
  descend(root);
}

/** The direct children of a node, in the order of the text. */
export function childrenOf(node: Node): readonly Node[] {
  const fields: Readonly<Record<string, unknown>> = { ...node };
  return (visitorKeys[node.type] ?? []).flatMap((key) => [fields[key]].flat().filter(isNode));
}

/** A function of any form. */
export type FunctionNode = Node & {
  readonly type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression";
};

/** Whether the node is a function of any form that has a body; a method's function is its `FunctionExpression`. */
export function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression"
  );
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
