/**
 * What other programs rely on of every topic, in lines: the topic with its type, class, ttl in ms and what is unusual, and
 * below it each member of its data with what it may be. The lines that were promised stand in frozen-topics.txt.
 */
import { readFileSync } from "node:fs";
import type { Topic } from "@ts-tars/mqtt/contract";
import { z } from "zod";

const PROMISED = new URL("../frozen-topics.txt", import.meta.url);

/** One topic: its head line without the name, and its members by path (`?`: may be missing). */
interface Promised {
  readonly head: string;
  readonly members: ReadonlyMap<string, string>;
}

/** Topics by name. */
export type Promises = ReadonlyMap<string, Promised>;

/** The promises of the file. */
export function readPromises(): string {
  return readFileSync(PROMISED, "utf8");
}

/** Reads lines such as `tts/say tts.say command 15000 private` and, indented below, `text string`. */
export function parsePromises(text: string): Promises {
  const topics = new Map<string, { head: string; members: Map<string, string> }>();
  let members = new Map<string, string>();
  for (const line of text.split("\n").filter((one) => one.trim() !== "" && !one.startsWith("#"))) {
    const [, indent = "", name = "", rest = ""] = /^(\s*)(\S+) ?(.*)$/.exec(line) ?? [];
    if (indent !== "") {
      members.set(name, rest);
    } else {
      members = new Map();
      topics.set(name, { head: rest, members });
    }
  }
  return topics;
}

/** The lines of the topics as they are. */
export function promisesOf(topics: readonly Topic[]): string {
  return topics
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((topic) => [headOf(topic), ...memberLinesOf(topic)].join("\n"))
    .join("\n\n");
}

function headOf(topic: Topic): string {
  return [
    ...[topic.name, topic.type, topic.delivery, String(topic.ttlMs)],
    ...(topic.priority === "high" ? ["high"] : []),
    ...(topic.durable ? ["durable"] : []),
    ...(topic.private ? ["private"] : []),
    ...(topic.wire === "envelope" ? [] : [topic.wire]),
    ...(topic.acceptsBare ? ["bare-in"] : []),
  ].join(" ");
}

/** What became of the promises, each broken one in a sentence that names topic and member, and what is not promised yet. */
export function brokenPromises(before: Promises, after: Promises): readonly string[] {
  const topics = [...before].flatMap(([name, promised]) => {
    const now = after.get(name);
    return now === undefined ? [`the topic ${name} is gone`] : brokenOfTopic(name, promised, now);
  });
  const fresh = [...after].filter(([name]) => !before.has(name));
  return [...topics, ...fresh.map(([name, now]) => `the topic ${name} is new, promise it:\n${linesOf(name, now)}`)];
}

function linesOf(name: string, { head, members }: Promised): string {
  return [`${name} ${head}`, ...[...members].map(([path, kind]) => `  ${path} ${kind}`)].join("\n");
}

function brokenOfTopic(name: string, before: Promised, now: Promised): readonly string[] {
  const head = before.head === now.head ? [] : [`the topic ${name} was "${before.head}" and is "${now.head}"`];
  const members = [...before.members].flatMap(([path, kind]) => {
    const present = now.members.get(path);
    if (present === kind) return [];
    return [
      present === undefined
        ? `the topic ${name} lost its member ${path}`
        : `the topic ${name} changed its member ${path}: it was "${kind}" and is "${present}"`,
    ];
  });
  const fresh = [...now.members].filter(([path]) => !before.members.has(path));
  return [
    ...head,
    ...members,
    ...fresh.map(([path, kind]) => `the topic ${name} has a new member, promise it: "  ${path} ${kind}"`),
  ];
}

/** What of JSON Schema says what a member may be. */
const Node = z.object({
  type: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).default([]),
  oneOf: z.array(z.unknown()).default([]),
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
  propertyNames: z.object({ pattern: z.string().optional() }).optional(),
  default: z.unknown().optional(),
  pattern: z.string().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
});
type Node = z.output<typeof Node>;

function memberLinesOf(topic: Topic): readonly string[] {
  const schema = z.instanceof(z.ZodType).parse(topic.payload);
  const lines = new Map<string, readonly string[]>();
  // What has no JSON Schema (bytes) is printed as anything.
  for (const [path, kind] of membersOf(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }), "")) {
    lines.set(path, [...new Set([...(lines.get(path) ?? []), kind])]);
  }
  return [...lines].map(([path, kinds]) => `  ${path} ${kinds.join(" or ")}`);
}

function membersOf(json: unknown, path: string): readonly (readonly [string, string])[] {
  const node = Node.parse(json);
  const below = Object.entries(node.properties).flatMap(([name, member]) => {
    const here = `${path === "" ? name : `${path}.${name}`}${node.required.includes(name) ? "" : "?"}`;
    const inner = membersOf(member, here);
    return [[here, kindOf(Node.parse(member))] as const, ...inner];
  });
  const each = [node.items, node.additionalProperties].filter((member) => typeof member === "object");
  const any = each.flatMap((member) => [
    [`${path}.*`, kindOf(Node.parse(member))] as const,
    ...membersOf(member, `${path}.*`),
  ]);
  return [...below, ...any, ...[...node.anyOf, ...node.oneOf].flatMap((kind) => membersOf(kind, path))];
}

function kindOf(node: Node): string {
  const kinds = [...node.anyOf, ...node.oneOf].map((kind) => kindOf(Node.parse(kind)));
  const words = node.enum?.map(String).join("|") ?? (node.const === undefined ? undefined : JSON.stringify(node.const));
  const names = node.propertyNames?.pattern === undefined ? [] : [`of /${node.propertyNames.pattern}/`];
  return [
    kinds.length > 0 ? kinds.join(" or ") : (words ?? node.type ?? "anything"),
    ...names,
    ...(node.pattern === undefined ? [] : [`/${node.pattern}/`]),
    ...rangeOf(node.exclusiveMinimum === undefined ? node.minimum : `>${node.exclusiveMinimum}`, node.maximum),
    ...rangeOf(node.minLength, node.maxLength).map((range) => `${range} characters`),
    ...rangeOf(node.minItems, node.maxItems).map((range) => `${range} items`),
    ...(node.default === undefined ? [] : [`default ${JSON.stringify(node.default)}`]),
  ].join(" ");
}

/** Every whole number has the bounds ±(2^53 - 1). */
function rangeOf(min: number | string | undefined, max: number | undefined): readonly string[] {
  const low = min === -Number.MAX_SAFE_INTEGER ? undefined : min;
  const high = max === Number.MAX_SAFE_INTEGER ? undefined : max;
  return low === undefined && high === undefined ? [] : [`${low ?? ""}..${high ?? ""}`];
}
