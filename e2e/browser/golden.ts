/** The golden examples of the contracts, as tasks. */
import { readFileSync } from "node:fs";
import { CATALOGUE } from "@ts-tars/contracts";
import type { Topic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import type { Example } from "./examine.ts";

/** What the files have; each kind of topic uses some of it (`packages/contracts/src/golden*.test.ts`). */
const Golden = z.strictObject({
  why: z.string(),
  wire: z.unknown().optional(),
  data: z.unknown().optional(),
  header: z.string().default(""),
  bytes: z.string().default(""),
  times: z.number().default(1),
  frame: z.record(z.string(), z.unknown()).optional(),
  gives: z.unknown().optional(),
  stripped: z.number().optional(),
  type_differs: z.boolean().optional(),
  reason: z.string().default("contract"),
  problems: z.array(z.string()).default([]),
});
type Golden = z.output<typeof Golden>;

/** An example, and what its file says of it. */
export interface GoldenExample {
  readonly example: Example;
  readonly expected: { readonly kind: "accepted" } | Refusal;
}

interface Refusal {
  readonly kind: "refused";
  readonly reason: string;
  readonly paths: readonly string[];
}

/** All examples of every topic. */
export function readGoldenExamples(): readonly GoldenExample[] {
  return CATALOGUE.flatMap((topic) => [
    ...read(topic, "accepted").map((golden) => ({
      example: exampleOf(topic, golden, "read"),
      expected: { kind: "accepted" as const },
    })),
    ...read(topic, "refused").map((golden) => ({
      example: exampleOf(topic, golden, isOfSender(topic, golden) ? "send" : "read"),
      expected: { kind: "refused" as const, reason: golden.reason, paths: golden.problems },
    })),
  ]);
}

function read(topic: Topic, kind: "accepted" | "refused"): readonly Golden[] {
  const file = `${topic.name.replaceAll("/", ".").replaceAll(/[{}]/g, "")}.${kind}.json`;
  const url = new URL(`../../packages/contracts/golden/${file}`, import.meta.url);
  return z
    .array(Golden)
    .min(1)
    .parse(JSON.parse(readFileSync(url, "utf8")));
}

/** A topic of any body reads what is wrong all the same; it is sending that refuses it. */
function isOfSender(topic: Topic, { frame }: Golden): boolean {
  return topic.wire === "any" || frame !== undefined;
}

function exampleOf(topic: Topic, golden: Golden, task: Example["task"]["do"]): Example {
  const about = { topic: topic.name, why: golden.why };
  const bytes = golden.bytes.repeat(golden.times);
  const isBinary = topic.wire === "binary";
  if (task === "send") {
    const sent = isBinary ? { data: golden.frame, bytes } : { data: golden.data, bytes: undefined };
    return { ...about, task: { do: "send", ...sent } };
  }
  const payload = isBinary ? golden.header + bytes : Buffer.from(textOf(topic, golden)).toString("hex");
  return { ...about, task: { do: "read", payload } };
}

function textOf(topic: Topic, { wire, data }: Golden): string {
  const envelope = { id: "0".repeat(32), type: topic.type, ts: 1_731_000_000, source: "golden", data };
  return JSON.stringify(wire ?? envelope);
}
