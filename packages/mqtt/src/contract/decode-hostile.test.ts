/** What `decodeMessage` does with bytes that nobody should have sent. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { decodeMessage } from "./decode.ts";
import { defineTopic } from "./define-topic.ts";
import { encodeMessage } from "./encode.ts";
import { anySchema, Lamp } from "./schemas.fixture.ts";

const enveloped = defineTopic({ name: "lamp", type: "lamp", delivery: "event", payload: Lamp, keepNull: ["params"] });
const both = defineTopic({ name: "lamp", type: "lamp", delivery: "event", payload: Lamp, acceptsBare: true });
const bare = defineTopic({ name: "lamp", type: "lamp", delivery: "event", payload: Lamp, wire: "bare" });
const any = defineTopic({
  name: "stop",
  type: "stop",
  delivery: "event",
  wire: "any",
  payload: z.object({ reason: z.string().default("unknown"), epoch: z.number().optional() }),
});

const ENVELOPE = { id: "1".repeat(32), type: "lamp", ts: 1_700_000_000.25, source: "desk", data: { on: true } };

function bytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
}

/** A JSON text of arrays in arrays. */
function nested(depth: number): string {
  return `${"[".repeat(depth)}1${"]".repeat(depth)}`;
}

describe("what is no message at all", () => {
  it.each([
    ["nothing", new Uint8Array(), "is empty"],
    ["half a character", new Uint8Array([0x7b, 0xc3]), "is not UTF-8"],
    ["a surrogate in UTF-8", new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), "is not UTF-8"],
    ["half of JSON", bytes('{"on":tr'), "is not JSON"],
    ["a scalar", bytes("17"), "is not a JSON object"],
    ["null", bytes("null"), "is not a JSON object"],
    ["an array", bytes("[]"), "is not a JSON object"],
  ])("is undecodable: %s", (_what, payload, reason) => {
    expect(decodeMessage(both, payload)).toEqual({
      ok: false,
      reason: "undecodable",
      problems: [{ path: "", reason }],
    });
  });

  it.each([10, 60])("is not so by %d levels of nesting", (depth) => {
    const text = JSON.stringify({ ...ENVELOPE, data: { on: true, params: { a: "@" } } }).replace('"@"', nested(depth));

    expect(decodeMessage(enveloped, bytes(text))).toMatchObject({ ok: true });
  });

  it.each([65, 100_000])("is so by %d levels of nesting, with and without nulls beside them", (depth) => {
    const text = JSON.stringify({ ...ENVELOPE, data: { on: true, params: { a: "@" } } }).replace('"@"', nested(depth));

    for (const payload of [bytes(text), bytes(text.replace("true", 'true, "label": null'))]) {
      expect(decodeMessage(enveloped, payload)).toMatchObject({ ok: false, reason: "undecodable" });
    }
  });

  it.each([
    [63, "read"],
    [64, "undecodable"],
    [100_000, "undecodable"],
  ])("with %d levels in a member that nobody knows is %s, whether a null stands elsewhere or not", (depth, verdict) => {
    const text = JSON.stringify({ ...ENVELOPE, data: { on: true, stranger: "@" } }).replace('"@"', nested(depth));

    for (const payload of [bytes(text), bytes(text.replace("true", 'true, "label": null'))]) {
      const decoded = decodeMessage(enveloped, payload);
      expect(decoded.ok ? "read" : decoded.reason).toBe(verdict);
    }
  });

  it("is so by nesting that overflows a recursive schema", () => {
    type Tree = { children: Tree[] };
    const Tree: z.ZodType<Tree> = z.lazy(() => z.object({ children: z.array(Tree) }));
    const topic = defineTopic({ name: "tree", type: "tree", delivery: "event", payload: Tree });
    const depth = 20_000;
    const data = `${'{"children":['.repeat(depth)}${"]}".repeat(depth)}`;
    const payload = bytes(JSON.stringify({ ...ENVELOPE, data: {} }).replace('"data":{}', `"data":${data}`));

    expect(decodeMessage(topic, payload).ok).toBe(false);
  });
});

describe("decoding is safe", () => {
  it.each(["__proto__", "\\u005f_proto__"])(
    "drops members called %s, also where the contract takes anything",
    (name) => {
      const free = defineTopic({ name: "free", type: "free", delivery: "event", payload: anySchema });
      const text = JSON.stringify(ENVELOPE).replace(
        '"on":true',
        `"a":{"${name}":{"polluted":1}},"${name}":{"polluted":1}`,
      );
      const decoded = decodeMessage(free, bytes(text));

      expect(decoded).toMatchObject({ ok: true, strippedKeys: 2 });
      const data = decoded.ok ? decoded.data : undefined;
      expect(JSON.stringify(data)).toBe('{"a":{}}');
      expect(Object.assign({}, data)).not.toHaveProperty("polluted");
    },
  );

  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (payload) => {
        for (const topic of [enveloped, both, bare, any]) decodeMessage(topic, payload);
      }),
    );
  });

  it("never throws and never accepts what the schema refuses, whatever the JSON", () => {
    const soup = fc.object({
      key: fc.constantFrom("id", "type", "ts", "source", "data", "on", "__proto__"),
      maxDepth: 3,
    });
    fc.assert(
      fc.property(soup, (value) => {
        const decoded = decodeMessage(both, bytes(value));
        return !decoded.ok || Lamp.safeParse(decoded.data).success;
      }),
    );
  });

  it("gives back what was encoded, and again the same when that is sent on", () => {
    const lamp = fc.record(
      {
        on: fc.boolean(),
        level: fc.double({ min: 0, max: 1, noNaN: true }).map((level) => level + 0), // JSON has no -0
        label: fc.string({ unit: "binary" }),
        params: fc.dictionary(
          fc.string().filter((name) => name !== "__proto__"),
          fc.jsonValue({ maxDepth: 3 }).map(withoutMinusZero),
        ),
      },
      { requiredKeys: ["on"] },
    );
    const meta = { id: ENVELOPE.id, ts: ENVELOPE.ts, source: ENVELOPE.source };
    fc.assert(
      fc.property(lamp, (data) => {
        for (const topic of [enveloped, { ...bare, keepNull: ["params"] }]) {
          const first = decodeMessage(topic, encodeMessage(topic, data, meta));
          expect(first).toMatchObject({ ok: true, data: Lamp.parse(data), strippedKeys: 0 });
          const second = decodeMessage(topic, encodeMessage(topic, first.ok ? first.data : undefined, meta));
          expect(second).toEqual(first);
        }
      }),
    );
  });
});

function withoutMinusZero(value: unknown): unknown {
  const parsed: unknown = JSON.parse(JSON.stringify(value).replaceAll("__proto__", "proto"));
  return parsed;
}
