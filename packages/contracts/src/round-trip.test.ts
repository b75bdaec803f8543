import { decodeMessage, encodeMessage } from "@ts-tars/mqtt/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { CATALOGUE } from "./index.ts";
import { arbitraryOf } from "./schema-arbitrary.fixture.ts";

const META = { id: "0".repeat(32), ts: 1_731_000_000.5, source: "test" };

/** Every object in the value gets a member that no contract knows. */
function withStrangers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withStrangers);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, withStrangers(member)] as const);
  return { ...Object.fromEntries(members), x_stranger: { deep: 1 } };
}

describe.each(CATALOGUE.map((topic) => [topic.name, topic] as const))("any message of %s", (_name, topic) => {
  const schema = z.instanceof(z.ZodType).parse(topic.payload);
  const messages = arbitraryOf(schema);

  it("comes back from the wire as its contract accepted it", () => {
    fc.assert(
      fc.property(messages, (data) => {
        const decoded = decodeMessage(topic, encodeMessage(topic, data, META));

        expect(decoded).toMatchObject({ ok: true, strippedKeys: 0, typeDiffers: false });
        expect(decoded.ok && decoded.data).toEqual(schema.parse(data));
      }),
      { numRuns: 50 },
    );
  });

  it("is the same after it was accepted twice", () => {
    fc.assert(
      fc.property(messages, (data) => {
        const once: unknown = schema.parse(data);
        expect(schema.parse(once)).toEqual(once);
      }),
      { numRuns: 50 },
    );
  });

  it("is read without the members its contract does not know, and is not sent with them", () => {
    fc.assert(
      fc.property(messages, (data) => {
        const strange = withStrangers(data);
        const envelope = { ...META, type: topic.type, data: strange };
        const decoded = decodeMessage(topic, new TextEncoder().encode(JSON.stringify(envelope)));

        expect(decoded.ok && decoded.strippedKeys).toBeGreaterThan(0);
        expect(JSON.stringify(decoded.ok && schema.parse(decoded.data))).toBe(
          JSON.stringify(decoded.ok && decoded.data),
        );
        expect(() => encodeMessage(topic, strange, META)).toThrow(/x_stranger: is not a member of this message/);
      }),
      { numRuns: 50 },
    );
  });
});
