/** The JSON Schemas of docs/schemas, as a foreign peer reads them: nothing here asks the contracts' own code. */
import { readFileSync } from "node:fs";
import type { Topic } from "@ts-tars/mqtt/contract";
import { Ajv } from "ajv";

/** One schema, or a part of one. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly allOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode;
  readonly items?: SchemaNode;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

/** What a schema says of a value. */
export interface PublishedSchema {
  readonly root: SchemaNode;
  readonly accepts: (data: unknown) => boolean;
  /** As `accepts`, and no member that the schema does not name. */
  readonly acceptsNoStranger: (data: unknown) => boolean;
  /** The parts that a part stands for: what it refers to, and the kinds that a value may be of. */
  readonly resolve: (node: SchemaNode) => readonly SchemaNode[];
}

/** `audio/{site}/mic` is `audio.site.mic`, as in the names of schemas and golden files. */
export function fileNameOf({ name }: Pick<Topic, "name">): string {
  return name.replaceAll("/", ".").replaceAll(/[{}]/gu, "");
}

/** @throws when no schema is published: then `npm run docs` was not run. */
export function readPublishedSchema(topic: Topic): PublishedSchema {
  const file = new URL(`../../docs/schemas/${fileNameOf(topic)}.json`, import.meta.url);
  const root = JSON.parse(readFileSync(file, "utf8")) as SchemaNode; // written by our generator, and checked by Ajv below
  const resolved = new Map<SchemaNode, readonly SchemaNode[]>();
  const resolve = (node: SchemaNode): readonly SchemaNode[] => {
    const known = resolved.get(node) ?? resolveAnew(node);
    resolved.set(node, known);
    return known;
  };
  const resolveAnew = (node: SchemaNode): readonly SchemaNode[] => {
    const others = [...(node.allOf ?? []), ...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap(resolve);
    const name = node.$ref?.replace("#/definitions/", "");
    const referred = name === undefined ? undefined : root.definitions?.[name];
    return [node, ...others, ...(referred === undefined ? [] : resolve(referred))];
  };
  return {
    root,
    accepts: compile(root),
    acceptsNoStranger: compile(closed(root)),
    resolve,
  };
}

function compile(schema: unknown): (data: unknown) => boolean {
  // In draft 7 a pattern is one of ECMA 262 without flags. A number beyond every double is none that a reader could be given.
  const ajv = new Ajv({ strict: false, strictNumbers: true, unicodeRegExp: false });
  const validate = ajv.compile(schema as object); // a schema of ours is one
  return (data) => validate(data);
}

/** The same schema, and every object with named members has no others. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== "object" || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([name, member]) => [name, closed(member)]));
  const isObject = "type" in node && node.type === "object" && "properties" in node;
  return isObject && !("additionalProperties" in node) ? { ...copy, additionalProperties: false } : copy;
}
