/** Cases of the reference's contract tests: what a peer of the reference sends on a topic, and what becomes of it here. */
import { decodeMessage, encodeMessage, type Topic } from "@ts-tars/mqtt/contract";
import { expect } from "vitest";
import { z } from "zod";

/** A case: its title, the topic, the data, and what becomes of it; without that the data comes through as it is. */
export type Case = readonly [title: string, topic: Topic, data: object, outcome?: Outcome];

/** What is read, what is wrong with it (paths), or what is read of it without members that nobody knows. */
export type Outcome =
  | { readonly kind: "read"; readonly data: object }
  | { readonly kind: "refused"; readonly problems: readonly string[] }
  | { readonly kind: "stripped"; readonly data: object };

/** A handler gets this: the defaults are filled in. */
export function reads(data: object): Outcome {
  return { kind: "read", data };
}

/** No handler gets it; these paths are named. */
export function refuses(...problems: readonly string[]): Outcome {
  return { kind: "refused", problems };
}

/** A handler gets this; what its contract does not know is left out, and counted. */
export function strips(data: object): Outcome {
  return { kind: "stripped", data };
}

const META = { id: "5f0c1f6e8d3b4c2a9e7d6b5a4c3f2e1d", ts: 1_731_000_000.123, source: "peer" };

/** Sends a case's data as a peer of the reference does, and compares; what is read goes out and comes back once more. */
export function expectOutcome([, topic, data, outcome = reads(data)]: Case): void {
  const body = topic.wire === "bare" ? data : { ...META, type: topic.type, data };
  const decoded = decodeMessage(topic, new TextEncoder().encode(JSON.stringify(body)));
  if (outcome.kind === "refused") {
    expect(decoded).toMatchObject({ ok: false, reason: "contract" });
    expect(decoded.ok ? [] : decoded.problems.map(({ path }) => path)).toEqual(outcome.problems);
    return;
  }
  expect(decoded).toMatchObject({ ok: true, strippedKeys: outcome.kind === "stripped" ? 1 : 0, typeDiffers: false });
  expect(decoded.ok && decoded.data).toEqual(outcome.data);
  const again = decodeMessage(topic, encodeMessage(topic, outcome.data, META));
  expect(again.ok && again.data).toEqual(outcome.data);
  // Whoever sends is held to the contract, as the reference's models hold both sides.
  if (outcome.kind === "stripped") {
    expect(() => encodeMessage(topic, data, META)).toThrow(/is not a member of this message/);
  }
}

/** The words of one member of a topic's data. */
export function wordsOf(topic: Topic, member: string): readonly string[] {
  const schema = z.toJSONSchema(z.instanceof(z.ZodType).parse(topic.payload));
  const Variant = z.object({ properties: z.record(z.string(), z.object({ enum: z.array(z.string()).optional() })) });
  const Union = z.object({ oneOf: z.array(Variant) }).or(Variant.transform((only) => ({ oneOf: [only] })));
  return Union.parse(schema).oneOf.flatMap(({ properties }) => properties[member]?.enum ?? []);
}
