/** The members of a schema, each by its path, and where they stand in a value. Pure. */
import type { PublishedSchema, SchemaNode } from "./published-schema.ts";

/** Names from the outermost inwards; in a schema `*` is any index, and any key of a map. */
export type Path = readonly string[];

/** A member as its schema has it. */
export interface Member {
  /** Written with dots, `*` for any index or key. */
  readonly name: string;
  readonly path: Path;
  /** All that the schema says of it. */
  readonly nodes: readonly SchemaNode[];
}

/** Every member of the schema, at any depth. */
export function membersOf(schema: PublishedSchema): readonly Member[] {
  const members = new Map<string, Member>();
  const visit = (node: SchemaNode, path: Path): void => {
    const nodes = schema.resolve(node);
    const name = path.join(".");
    if (path.length > 0) members.set(name, { name, path, nodes: [...(members.get(name)?.nodes ?? []), ...nodes] });
    for (const { properties = {}, items, additionalProperties } of nodes) {
      for (const [key, member] of Object.entries(properties)) visit(member, [...path, key]);
      for (const member of [items, additionalProperties]) if (member !== undefined) visit(member, [...path, "*"]);
    }
  };
  visit(schema.root, []);
  return [...members.values()];
}

/** All places of a value where the member stands. */
export function placesOf(value: unknown, [first, ...rest]: Path): readonly Path[] {
  if (first === undefined) return [[]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .filter(([key]) => first === "*" || key === first)
    .flatMap(([key, member]) => placesOf(member, rest).map((place) => [key, ...place]));
}
