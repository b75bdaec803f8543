/**
 * golden/<topic>.accepted.json and .refused.json, slashes written as dots: what each topic reads off the wire, and what it
 * refuses. A case has the whole payload as `wire`, or only the `data` of an envelope of ours.
 */
import { readdirSync, readFileSync } from "node:fs";
import { decodeMessage, encodeMessage, type Topic } from "@ts-tars/mqtt/contract";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { CATALOGUE } from "./index.ts";

const FOLDER = new URL("../golden/", import.meta.url);

const Json = z.record(z.string(), z.unknown());
const Accepted = z.strictObject({
  why: z.string(),
  wire: Json.optional(),
  data: Json.optional(),
  /** What a handler gets; absent: `data` as it is. */
  gives: Json.optional(),
  stripped: z.number().default(0),
  type_differs: z.boolean().default(false),
});
const Refused = z.strictObject({
  why: z.string(),
  wire: Json.optional(),
  data: Json.optional(),
  reason: z.enum(["bad_envelope", "contract"]).default("contract"),
  /** The paths that are wrong, all of them. */
  problems: z.array(z.string()),
});

function fileOf(topic: Topic, kind: "accepted" | "refused"): string {
  return `${topic.name.replaceAll("/", ".").replaceAll(/[{}]/g, "")}.${kind}.json`;
}

function read<Case>(topic: Topic, kind: "accepted" | "refused", schema: z.ZodType<Case>): readonly Case[] {
  return z
    .array(schema)
    .min(1)
    .parse(JSON.parse(readFileSync(new URL(fileOf(topic, kind), FOLDER), "utf8")));
}

function payloadOf(topic: Topic, example: { readonly wire?: unknown; readonly data?: unknown }): Uint8Array {
  const envelope = { id: "0".repeat(32), type: topic.type, ts: 1_731_000_000, source: "golden", data: example.data };
  return new TextEncoder().encode(JSON.stringify(example.wire ?? envelope));
}

describe.each(CATALOGUE.map((topic) => [topic.name, topic] as const))("%s", (_name, topic) => {
  it.each(read(topic, "accepted", Accepted).map((example) => [example.why, example] as const))(
    "reads: %s",
    (_why, example) => {
      const decoded = decodeMessage(topic, payloadOf(topic, example));

      expect(decoded).toMatchObject({ ok: true, strippedKeys: example.stripped, typeDiffers: example.type_differs });
      expect(decoded.ok && decoded.data).toEqual(example.gives ?? example.data);
    },
  );

  it.each(read(topic, "refused", Refused).map((example) => [example.why, example] as const))(
    "refuses: %s",
    (_why, example) => {
      const decoded = decodeMessage(topic, payloadOf(topic, example));

      expect(decoded).toMatchObject({ ok: false, reason: example.reason });
      expect(decoded.ok ? [] : decoded.problems.map(({ path }) => path)).toEqual(example.problems);
    },
  );

  it("sends what it reads: each accepted example comes back as it was", () => {
    const meta = { id: "0".repeat(32), ts: 1_731_000_000, source: "golden" };
    for (const example of read(topic, "accepted", Accepted)) {
      const data = example.gives ?? example.data;
      expect(decodeMessage(topic, encodeMessage(topic, data, meta))).toMatchObject({ ok: true, data, strippedKeys: 0 });
    }
  });

  it("has an accepted example with every member of its schema", () => {
    const members = topic.payload instanceof z.ZodObject ? Object.keys(topic.payload.shape) : [];
    const examples = read(topic, "accepted", Accepted).map((example) => example.gives ?? example.data ?? {});
    const shown = new Set(examples.flatMap((example) => Object.keys(example)));

    expect(members.length).toBeGreaterThan(0);
    expect(members.filter((member) => !shown.has(member))).toEqual([]);
  });
});

describe("the folder of examples", () => {
  it("has no file that belongs to no topic", () => {
    const expected = CATALOGUE.flatMap((topic) => [fileOf(topic, "accepted"), fileOf(topic, "refused")]);

    expect(readdirSync(FOLDER).toSorted()).toEqual(expected.toSorted());
  });
});
