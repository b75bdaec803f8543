/** Whether a handler got what was sent: nothing invented but the defaults of the schema, nothing of its members lost. Pure. */
import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type JsonObject } from "./envelope.ts";
import type { PublishedSchema, SchemaNode } from "./published-schema.ts";

interface Pair {
  readonly seen: unknown;
  readonly sent: unknown;
}

/** The first difference that the schema does not explain. */
export function faithful(pair: Pair, schema: PublishedSchema): string | undefined {
  return compare(pair, { schema, nodes: schema.resolve(schema.root), path: "data" });
}

interface Place {
  readonly schema: PublishedSchema;
  /** All that may be said of this value; of several kinds all of them. */
  readonly nodes: readonly SchemaNode[];
  readonly path: string;
}

function compare({ seen, sent }: Pair, place: Place): string | undefined {
  const { schema, nodes, path } = place;
  if (Array.isArray(seen) && Array.isArray(sent)) {
    if (seen.length !== sent.length) return `${path} has another length`;
    const items = nodes.flatMap(({ items: item }) => (item === undefined ? [] : schema.resolve(item)));
    return firstOf(seen, (item, index) => {
      return compare({ seen: item, sent: sent[index] }, { schema, nodes: items, path: `${path}.${index}` });
    });
  }
  if (isJsonObject(seen) && isJsonObject(sent)) return compareMembers({ seen, sent }, place);
  return isDeepStrictEqual(seen, sent) ? undefined : `${path} has another value`;
}

function compareMembers({ seen, sent }: { seen: JsonObject; sent: JsonObject }, place: Place): string | undefined {
  const { schema, nodes, path } = place;
  const kindsCount = nodes.filter(({ properties }) => properties !== undefined).length;
  const named = nodes.flatMap(({ properties }) => Object.keys(properties ?? {}));
  const isMap = kindsCount === 0;
  // Of several kinds only the one that was meant keeps its members.
  const lost = Object.keys(sent).find(
    (name) => (isMap || (kindsCount === 1 && named.includes(name))) && !Object.hasOwn(seen, name),
  );
  if (lost !== undefined) return `${path}.${lost} is lost`;
  return firstOf(Object.entries(seen), ([name, member]) => {
    const own = nodes.flatMap(({ properties, additionalProperties }) => {
      const node =
        properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
      return node === undefined ? [] : schema.resolve(node);
    });
    const at = `${path}.${name}`;
    if (Object.hasOwn(sent, name)) return compare({ seen: member, sent: sent[name] }, { schema, nodes: own, path: at });
    const isDefault = own.some((node) => "default" in node && isDeepStrictEqual(node.default, member));
    return isDefault ? undefined : `${at} is invented`;
  });
}

function firstOf<T>(
  items: readonly T[],
  objection: (item: T, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = objection(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
