/**
 * golden/<topic>.accepted.json and .refused.json, slashes written as dots: what each topic reads off the wire, and what it
 * refuses. A case has the whole payload as `wire`, or only the `data` of an envelope of ours; binary topics have their own:
 * golden-binary.test.ts.
 */
import { readdirSync } from "node:fs";
import { ContractViolationError, type Problem } from "@ts-tars/mqtt";
import { checkOutgoing, decodeMessage, encodeMessage, type Topic } from "@ts-tars/mqtt/contract";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { anyIndex, GOLDEN_FOLDER, goldenDutiesOf, goldenFileOf, readGolden, shownBy } from "./golden.fixture.ts";
import { CATALOGUE } from "./index.ts";

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

function payloadOf(topic: Topic, example: { readonly wire?: unknown; readonly data?: unknown }): Uint8Array {
  const envelope = { id: "0".repeat(32), type: topic.type, ts: 1_731_000_000, source: "golden", data: example.data };
  return new TextEncoder().encode(JSON.stringify(example.wire ?? envelope));
}

/** What is wrong with an example, and how much of it. */
function refusalOf(topic: Topic, example: z.output<typeof Refused>): { reason: string; problems: readonly Problem[] } {
  const decoded = decodeMessage(topic, payloadOf(topic, example));
  if (topic.wire !== "any") return decoded.ok ? { reason: "none", problems: [] } : decoded;
  // A topic of any body reads it all the same, as if nothing stood in it; it is sending that refuses it.
  expect(decoded.ok && decoded.data).toEqual({});
  try {
    checkOutgoing(topic, example.data);
  } catch (error) {
    if (error instanceof ContractViolationError) return { reason: "contract", problems: error.problems };
  }
  return { reason: "none", problems: [] };
}

const JSON_TOPICS = CATALOGUE.filter(({ wire }) => wire !== "binary").map((topic) => [topic.name, topic] as const);

describe.each(JSON_TOPICS)("%s", (_name, topic) => {
  const accepted = readGolden(topic, "accepted", Accepted);
  const refused = readGolden(topic, "refused", Refused);

  it.each(accepted)("reads: %s", (_why, example) => {
    const decoded = decodeMessage(topic, payloadOf(topic, example));

    expect(decoded).toMatchObject({ ok: true, strippedKeys: example.stripped, typeDiffers: example.type_differs });
    expect(decoded.ok && decoded.data).toEqual(example.gives ?? example.data);
  });

  it.each(refused)("refuses: %s", (_why, example) => {
    const { reason, problems } = refusalOf(topic, example);

    expect(reason).toBe(example.reason);
    expect(problems.map(({ path }) => path)).toEqual(example.problems);
  });

  it("sends what it reads: each accepted example comes back as it was", () => {
    const meta = { id: "0".repeat(32), ts: 1_731_000_000, source: "golden" };
    for (const [, example] of accepted) {
      const data = example.gives ?? example.data;
      expect(decodeMessage(topic, encodeMessage(topic, data, meta))).toMatchObject({ ok: true, data, strippedKeys: 0 });
    }
  });

  it("has an accepted example of every member and every word of its schema, and a refused one of every bound", () => {
    const duties = goldenDutiesOf(z.instanceof(z.ZodType).parse(topic.payload));
    const shown = new Set(accepted.flatMap(([, example]) => shownBy(example.gives ?? example.data)));
    const broken = new Set(
      refused.flatMap(([, { data, wire, problems }]) => {
        const given = new Set(shownBy(data ?? wire?.["data"] ?? wire));
        // A member that is not there breaks no bound.
        return problems.filter((path) => given.has(path)).map(anyIndex);
      }),
    );

    expect(duties.shown.length).toBeGreaterThan(0);
    expect(duties.shown.filter((duty) => !shown.has(duty))).toEqual([]);
    expect(duties.broken.filter((path) => !broken.has(path))).toEqual([]);
  });
});

describe("the folder of examples", () => {
  it("has no file that belongs to no topic", () => {
    const expected = CATALOGUE.flatMap((topic) => [goldenFileOf(topic, "accepted"), goldenFileOf(topic, "refused")]);

    expect(readdirSync(GOLDEN_FOLDER).toSorted()).toEqual(expected.toSorted());
  });
});
