/** The contracts' schemas as JSON Schema (draft 7, which most tools read), with the descriptions that stand in their source. Pure. */
import type { Topic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import type { Comments } from "./comments.ts";

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Every named schema, and which of them each topic's payload is. */
export interface Schemas {
  readonly named: ReadonlyMap<string, JsonSchema>;
  /** The name of the schema of a topic's `data`. @throws {TypeError} when it has none: then no document could name it. */
  nameOf(topic: Topic): string;
}

const REF_PREFIX = "#/components/schemas/";

/** `exported`: everything that the contracts export, by name. */
export function readSchemas(exported: Readonly<Record<string, unknown>>, comments: Comments): Schemas {
  // In one order, whatever the module's own is.
  const sorted = Object.entries(exported).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const types = sorted.flatMap(([name, value]) => (value instanceof z.ZodType ? [[name, value] as const] : []));
  const registry = z.registry<{ readonly id: string }>();
  for (const [name, schema] of types) registry.add(schema, { id: name });
  const { schemas } = z.toJSONSchema(registry, {
    io: "input",
    target: "draft-7",
    uri: (id) => `${REF_PREFIX}${id}`,
    // Bytes; their topics say what is in them.
    unrepresentable: "any",
  });
  const names = new Map<unknown, string>(types.map(([name, schema]) => [schema, name]));
  return {
    named: new Map(Object.entries(schemas).map(([name, schema]) => [name, described(name, schema, comments)])),
    nameOf: ({ name: topic, payload }) => {
      const name = names.get(payload);
      if (name === undefined)
        throw new TypeError(`The payload of ${topic} is no exported schema: export it, so that documents can name it.`);
      return name;
    },
  };
}

/** The schema alone in a file: what it refers to stands in its `definitions`. */
export function standalone(name: string, { named }: Pick<Schemas, "named">): JsonSchema {
  const needed = new Map<string, JsonSchema>();
  const take = (one: string): void => {
    const schema = named.get(one);
    if (schema === undefined || needed.has(one)) return;
    needed.set(one, schema);
    for (const other of referencesIn(schema)) take(other);
  };
  take(name);
  const { [name]: own = {}, ...others } = Object.fromEntries(needed);
  const definitions = Object.keys(others).length === 0 ? {} : { definitions: others };
  return { $schema: "http://json-schema.org/draft-07/schema#", title: name, ...localised({ ...own, ...definitions }) };
}

function referencesIn(schema: JsonSchema): readonly string[] {
  return [...JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = ""]) => name);
}

function localised(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll(REF_PREFIX, "#/definitions/")) as JsonSchema; // what was an object is one
}

const Described = z.looseObject({
  properties: z.record(z.string(), z.looseObject({})).optional(),
  items: z.looseObject({}).optional(),
  additionalProperties: z.unknown().optional(),
});

/** With the comment of each member beside it. */
function described(path: string, json: unknown, comments: Comments): JsonSchema {
  const { $schema: _draft, $id: _id, ...schema } = Described.parse(json);
  const members = Object.entries(schema.properties ?? {}).map(
    ([name, member]) => [name, described(`${path}.${name}`, member, comments)] as const,
  );
  const comment = comments.get(path);
  const inner = z.looseObject({}).safeParse(schema.additionalProperties);
  return {
    ...(comment !== undefined && { description: comment }),
    ...withoutSibling(schema, comment),
    ...(schema.properties && { properties: Object.fromEntries(members) }),
    ...(schema.items && { items: described(path, schema.items, new Map(below(path, comments))) }),
    ...(inner.success && { additionalProperties: described(path, inner.data, new Map(below(path, comments))) }),
  };
}

/** What stands beside a `$ref` is not read in draft 7. */
function withoutSibling(schema: JsonSchema, comment: string | undefined): JsonSchema {
  const { $ref, ...others } = schema;
  const isAlone = comment === undefined && Object.keys(others).length === 0;
  return $ref === undefined || isAlone ? schema : { ...others, allOf: [{ $ref }] };
}

/** The comment of a list is not that of its items. */
function below(path: string, comments: Comments): readonly (readonly [string, string])[] {
  return [...comments].filter(([name]) => name.startsWith(`${path}.`));
}
