import fc from "fast-check";
import { z } from "zod";

/** The part of JSON Schema that our contracts are printed in. */
const Node = z.object({
  type: z.enum(["object", "array", "string", "number", "integer", "boolean"]).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).default([]),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
  propertyNames: z.unknown().optional(),
  maxItems: z.number().default(3),
  pattern: z.string().optional(),
  minLength: z.number().default(0),
  maxLength: z.number().default(40),
  minimum: z.number().default(-1e12),
  maximum: z.number().default(1e12),
  exclusiveMinimum: z.number().optional(),
});
type Node = z.output<typeof Node>;

/** Values that a schema accepts, with every optional member sometimes there and sometimes not. */
export function arbitraryOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const values = arbitraryOfNode(z.toJSONSchema(schema, { io: "input" }));
  // Rules over several members (refine) have no JSON Schema; they are met by trying again.
  return values.filter((value) => schema.safeParse(value).success);
}

/** The value, and in it, in every object that has named members, one more that its contract does not know. */
export function withStrangers(schema: z.ZodType, value: unknown): unknown {
  return withStrangersOf(z.toJSONSchema(schema, { io: "input" }), value);
}

function withStrangersOf(json: unknown, value: unknown): unknown {
  const node = Node.safeParse(json).data;
  const properties = node && propertiesOf(node);
  if (Array.isArray(value)) return value.map((item) => withStrangersOf(node?.items, item));
  if (typeof value !== "object" || value === null || properties === undefined) return value;
  const members = Object.entries(value).map(
    ([key, member]) => [key, withStrangersOf(properties[key], member)] as const,
  );
  return { ...Object.fromEntries(members), x_stranger: { deep: 1 } };
}

/** The named members of an object, whichever of its variants it is. */
function propertiesOf({ properties, anyOf = [], oneOf = [] }: Node): Readonly<Record<string, unknown>> | undefined {
  const variants = [...anyOf, ...oneOf].flatMap((variant) => propertiesOf(Node.parse(variant)) ?? []);
  const all = properties === undefined ? variants : [properties, ...variants];
  return all.length === 0 ? undefined : Object.assign({}, ...all);
}

function arbitraryOfNode(json: unknown): fc.Arbitrary<unknown> {
  const node = Node.parse(json);
  const variants = node.anyOf ?? node.oneOf;
  if (variants !== undefined) return fc.oneof(...variants.map(arbitraryOfNode));
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum !== undefined) return fc.constantFrom(...node.enum);
  switch (node.type) {
    case "object":
      return node.properties === undefined ? dictionaryOf(node) : objectOf(node, node.properties);
    case "array":
      return fc.array(arbitraryOfNode(node.items), { maxLength: Math.min(node.maxItems, 3) });
    case "string":
      return textOf(node);
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({
        min: Math.max(node.exclusiveMinimum ?? node.minimum, -(2 ** 31)),
        max: Math.min(node.maximum, 2 ** 31 - 1),
      });
    case "number":
      // JSON has no -0.
      return fc.double({ min: node.minimum, max: node.maximum, noNaN: true }).map((number) => number + 0);
    case undefined:
      // Whatever the sender likes.
      if (Object.keys(Object(json)).length === 0) return freeObject;
      throw new TypeError(`There are no values for ${JSON.stringify(json)}; add its kind here`);
  }
}

function objectOf(node: Node, properties: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(([name, member]) => [name, arbitraryOfNode(member)] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: node.required });
}

/** A map with keys of the sender's choice; its values have a schema, or are anything. */
function dictionaryOf({ additionalProperties, propertyNames }: Node): fc.Arbitrary<unknown> {
  const { type } = Node.safeParse(additionalProperties).data ?? {};
  if (type === undefined) return freeObject;
  const { pattern } = Node.safeParse(propertyNames).data ?? {};
  const names = pattern === undefined ? fc.string({ maxLength: 8 }) : fc.stringMatching(new RegExp(pattern));
  return fc.dictionary(names, arbitraryOfNode(additionalProperties), { maxKeys: 3 });
}

function textOf({ pattern, minLength, maxLength }: Node): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ unit: "grapheme", minLength, maxLength: Math.min(maxLength, 40) });
}

/** Names and values that survive JSON and a decoder as they are: no -0, no `__proto__`. */
const freeObject = fc
  .dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
  .map((value): unknown => JSON.parse(JSON.stringify(value).replaceAll("__proto__", "proto")));
