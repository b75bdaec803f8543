/** The doc comments of the contracts, so that what is written once stands in every document. Pure. */
import type { Node } from "oxc-parser";
import { parseSource, type Source } from "../checks/source.ts";

/** Doc comments as plain text: of a constant by its name, of a schema's member by `Schema.member`. */
export type Comments = ReadonlyMap<string, string>;

type Plain = Node & { readonly type: string };
type ObjectNode = Extract<Node, { readonly type: "ObjectExpression" }>;

/** Reads the comments of files. `text` is TypeScript. */
export function readComments(files: readonly { readonly path: string; readonly text: string }[]): Comments {
  return new Map(files.flatMap(({ path, text }) => [...commentsOf(parseSource(path, text))]));
}

function commentsOf(source: Source): Comments {
  const constants = source.program.body.flatMap(constantsOf);
  const objects = new Map(constants.map(({ name, init }) => [name, objectIn(init)] as const));
  const found = new Map<string, string>();
  const visit = (path: string, object: ObjectNode): void => {
    for (const property of object.properties) {
      if (property.type === "SpreadElement") {
        const spread = objects.get(spreadName(property.argument));
        if (spread !== undefined) visit(path, spread);
        continue;
      }
      if (property.key.type !== "Identifier") continue;
      const member = `${path}.${property.key.name}`;
      const comment = commentBefore(source, property.start);
      if (comment !== undefined) found.set(member, comment);
      const inner = objectIn(property.value);
      if (inner !== undefined) visit(member, inner);
    }
  };
  for (const { name, at } of constants) {
    const comment = commentBefore(source, at);
    if (comment !== undefined) found.set(name, comment);
    const object = objects.get(name);
    if (object !== undefined) visit(name, object);
  }
  return found;
}

/** `about` of `...about` and of `...about.shape`. */
function spreadName(node: Node): string {
  const named = node.type === "MemberExpression" ? node.object : node;
  return named.type === "Identifier" ? named.name : "";
}

interface Constant {
  readonly name: string;
  readonly at: number;
  readonly init: Plain | null;
}

function constantsOf(statement: Node): readonly Constant[] {
  const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
  if (declaration?.type !== "VariableDeclaration") return [];
  return declaration.declarations.flatMap(({ id, init }) =>
    id.type === "Identifier" ? [{ name: id.name, at: statement.start, init }] : [],
  );
}

/** The members that a schema is made of: `z.object({ … })`, whatever is called on it, and whatever list or map it stands in. */
function objectIn(node: Node | null): ObjectNode | undefined {
  if (node?.type === "ObjectExpression") return node;
  if (node?.type !== "CallExpression") return undefined;
  const { callee } = node;
  const [first] = node.arguments.filter((argument) => argument.type !== "SpreadElement");
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return undefined;
  const isSchema = callee.object.type === "Identifier" && callee.object.name === "z";
  if (!isSchema) return objectIn(callee.object);
  const last = callee.property.name === "record" ? node.arguments.at(-1) : first;
  return last === undefined || last.type === "SpreadElement" ? undefined : objectIn(last);
}

/** The text of the doc comment that ends right before the offset. */
function commentBefore({ comments, text }: Source, offset: number): string | undefined {
  const comment = comments.findLast(({ end }) => end <= offset);
  const isDoc = comment?.type === "Block" && comment.value.startsWith("*");
  if (!isDoc || text.slice(comment.end, offset).trim() !== "") return undefined;
  const lines = comment.value.slice(1).split("\n");
  return lines
    .map((line) => line.replace(/^\s*\*? ?/, "").trimEnd())
    .join(" ")
    .replaceAll(/\s+/g, " ")
    .trim();
}
