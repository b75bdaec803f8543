/** The examples of the folder golden/, and what a schema says they have to show. */
import { readFileSync } from "node:fs";
import type { Topic } from "@ts-tars/mqtt/contract";
import { z } from "zod";

export const GOLDEN_FOLDER = new URL("../golden/", import.meta.url);

type Kind = "accepted" | "refused";

/** `audio/{site}/mic` → `audio.site.mic.accepted.json`. */
export function goldenFileOf(topic: Topic, kind: Kind): string {
  return `${topic.name.replaceAll("/", ".").replaceAll(/[{}]/g, "")}.${kind}.json`;
}

/** The examples of one file, each with its title in front, as `it.each` wants them. */
export function readGolden<Example extends { readonly why: string }>(
  topic: Topic,
  kind: Kind,
  schema: z.ZodType<Example>,
): readonly (readonly [string, Example])[] {
  const text = readFileSync(new URL(goldenFileOf(topic, kind), GOLDEN_FOLDER), "utf8");
  const examples = z.array(schema).min(1).parse(JSON.parse(text));
  return examples.map((example) => [example.why, example]);
}

/** What of JSON Schema says something about one member. */
const Node = z.object({
  enum: z.array(z.unknown()).default([]),
  properties: z.record(z.string(), z.unknown()).default({}),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  pattern: z.string().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  maxItems: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
});
type Node = z.output<typeof Node>;

/** Members of a contract, each by its path; `*` stands for any index or key. */
export interface GoldenDuties {
  /** `path`, and `path=word` for each word of an enum: an accepted example has it. */
  readonly shown: readonly string[];
  /** Paths whose value has a bound, a form or a list of words: a refused example breaks it. */
  readonly broken: readonly string[];
}

/** One member, and whether a problem with it is told by its own path. */
interface Member {
  readonly path: string;
  readonly node: Node;
  readonly isTold: boolean;
}

/** What the examples of a contract have to show. */
export function goldenDutiesOf(schema: z.ZodType): GoldenDuties {
  const members = membersOf(z.toJSONSchema(schema), { path: "", isTold: true });
  return {
    shown: members.flatMap(({ path, node }) => [path, ...node.enum.map((word) => `${path}=${String(word)}`)]),
    broken: members.filter(({ node, isTold }) => isTold && isRestricted(node)).map(({ path }) => path),
  };
}

function membersOf(json: unknown, place: Omit<Member, "node">): readonly Member[] {
  const { path, isTold } = place;
  const node = Node.parse(json);
  const at = (name: string) => ({ path: join(path, name), isTold });
  const below = Object.entries(node.properties).flatMap(([name, member]) => membersOf(member, at(name)));
  const each = [node.items, node.additionalProperties].filter((member) => typeof member === "object");
  const any = each.flatMap((member) => membersOf(member, at("*")));
  // A value that is none of several kinds is told as such, unless a member of it says which kind was meant.
  const kinds = (node.anyOf ?? []).flatMap((kind) => membersOf(kind, { path, isTold: false }));
  const variants = (node.oneOf ?? []).flatMap((variant) => membersOf(variant, place));
  const all = [...below, ...any, ...kinds, ...variants];
  return path === "" ? all : [{ path, node, isTold }, ...all];
}

function isRestricted(node: Node): boolean {
  const { enum: words, anyOf, const: only, pattern, minLength, maxLength, maxItems, exclusiveMinimum } = node;
  // Every whole number has the bounds ±(2^53 - 1).
  const ranges = [node.minimum, node.maximum].filter((bound) => Math.abs(bound ?? Infinity) < Number.MAX_SAFE_INTEGER);
  const lengths = [readable(maxLength, 10_000), readable(maxItems, 1_000)];
  const others = [anyOf, only, pattern, minLength, exclusiveMinimum, ...lengths, ...ranges];
  return words.length > 0 || others.some((rule) => rule !== undefined);
}

/** Examples are for reading: a bound beyond that is tested where its contract is. */
function readable(bound: number | undefined, most: number): number | undefined {
  return bound === undefined || bound > most ? undefined : bound;
}

/** The duties that a value fulfils: all its paths, and all its words. */
export function shownBy(value: unknown, path = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [path, `${path}=${String(value)}`];
  const below = Object.entries(value).flatMap(([name, member]) => [
    ...shownBy(member, join(path, name)),
    ...shownBy(member, join(path, "*")),
  ]);
  return path === "" ? below : [path, ...below];
}

/** The path of a problem as duties write it. */
export function anyIndex(path: string): string {
  return path.replaceAll(/(?<=\.)\d+(?=\.|$)/g, "*");
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
