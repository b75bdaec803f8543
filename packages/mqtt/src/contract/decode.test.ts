import { describe, expect, it } from "vitest";
import { z } from "zod";
import { decodeMessage } from "./decode.ts";
import { defineTopic } from "./define-topic.ts";
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

describe("decoding an envelope", () => {
  it("gives the data with its defaults, and the envelope", () => {
    expect(decodeMessage(enveloped, bytes(ENVELOPE))).toEqual({
      ok: true,
      data: { on: true, level: 1 },
      envelope: ENVELOPE,
      strippedKeys: 0,
      typeDiffers: false,
    });
  });

  it("gives every optional member, and takes null for absent", () => {
    const optional = {
      correlation_id: "c",
      reply_to_id: "r",
      error: { code: "BUSY", message: "later" },
      traceparent: "00-0-0-00",
      replay_of: "o",
    };
    const full = { ...ENVELOPE, ...optional };
    const nulls = {
      ...ENVELOPE,
      correlation_id: null,
      reply_to_id: null,
      error: null,
      traceparent: null,
      replay_of: null,
    };

    expect(decodeMessage(enveloped, bytes(full))).toMatchObject({ ok: true, envelope: full });
    const withoutNulls = decodeMessage(enveloped, bytes(nulls));
    expect(withoutNulls.ok && withoutNulls.envelope).toStrictEqual(ENVELOPE);
  });

  it("accepts another type and says so", () => {
    expect(decodeMessage(enveloped, bytes({ ...ENVELOPE, type: "torch" }))).toMatchObject({
      ok: true,
      typeDiffers: true,
    });
  });

  it("is not disturbed by members of the envelope that it does not know", () => {
    expect(decodeMessage(enveloped, bytes({ ...ENVELOPE, hop: 3 }))).toMatchObject({ ok: true, strippedKeys: 0 });
  });

  it("strips unknown members of the data at any depth, and counts them", () => {
    const data = {
      on: true,
      glow: 1,
      place: { room: "a", floor: 2 },
      colours: [
        { hue: 1, tint: 0 },
        { hue: 2, tint: {} },
      ],
    };

    expect(decodeMessage(enveloped, bytes({ ...ENVELOPE, data }))).toMatchObject({
      ok: true,
      data: { on: true, level: 1, place: { room: "a" }, colours: [{ hue: 1 }, { hue: 2 }] },
      strippedKeys: 4,
    });
  });

  it("takes null members for absent at any depth, except below the contract's keepNull", () => {
    const data = { on: true, label: null, place: { room: "a", shelf: null }, params: { a: null, b: { c: null } } };

    expect(decodeMessage(enveloped, bytes({ ...ENVELOPE, data }))).toMatchObject({
      ok: true,
      data: { on: true, level: 1, place: { room: "a" }, params: { a: null, b: { c: null } } },
      strippedKeys: 0,
    });
  });

  it("takes null at a keepNull path itself for absent, and leaves nulls in arrays alone", () => {
    const topic = defineTopic({
      name: "x",
      type: "x",
      delivery: "event",
      payload: z.object({ params: z.object({}).optional(), list: z.array(z.number().nullable()) }),
      keepNull: ["params"],
    });

    expect(decodeMessage(topic, bytes({ ...ENVELOPE, data: { params: null, list: [1, null] } }))).toMatchObject({
      ok: true,
      data: { list: [1, null] },
    });
  });

  it("reaches a keepNull path through arrays", () => {
    const topic = defineTopic({
      name: "x",
      type: "x",
      delivery: "event",
      payload: z.object({ tools: z.array(z.object({ spec: z.record(z.string(), z.unknown()) })) }),
      keepNull: ["tools.spec"],
    });

    expect(decodeMessage(topic, bytes({ ...ENVELOPE, data: { tools: [{ spec: { a: null } }] } }))).toMatchObject({
      ok: true,
      data: { tools: [{ spec: { a: null } }] },
    });
  });

  it("refuses data that breaks the contract with every problem, and keeps the envelope", () => {
    const decoded = decodeMessage(enveloped, bytes({ ...ENVELOPE, data: { on: "secret", place: { room: 3 } } }));

    expect(decoded).toMatchObject({ ok: false, reason: "contract", envelope: { id: ENVELOPE.id } });
    expect(decoded.ok ? [] : decoded.problems.map(({ path }) => path)).toEqual(["on", "place.room"]);
    expect(JSON.stringify(decoded.ok ? [] : decoded.problems)).not.toContain("secret");
  });
});

describe("a schema that throws", () => {
  const throwing = (error: Error) =>
    defineTopic({
      name: "lamp",
      type: "lamp",
      delivery: "event",
      payload: {
        "~standard": {
          ...anySchema["~standard"],
          // `defineTopic` asks about {}.
          validate: (value: unknown) => {
            if (Object.keys(Object(value)).length > 0) throw error;
            return { issues: [{ message: "is empty" }] };
          },
        },
      },
    });

  it.each([
    ["a stack that overflows", new RangeError("Maximum call stack size exceeded"), "is nested too deeply"],
    ["a defect", new TypeError("no such member"), "cannot be checked: TypeError: no such member"],
  ])("refuses the message, for %s", (_what, error, reason) => {
    expect(decodeMessage(throwing(error), bytes(ENVELOPE))).toMatchObject({
      ok: false,
      reason: "contract",
      problems: [{ path: "", reason }],
    });
  });
});

describe("a broken envelope", () => {
  it.each([
    ["id", undefined],
    ["id", ""],
    ["id", 7],
    ["id", "x".repeat(257)],
    ["type", undefined],
    ["type", null],
    ["ts", undefined],
    ["ts", "now"],
    ["source", undefined],
    ["source", 1],
    ["data", []],
    ["data", "text"],
    ["data", null],
    ["correlation_id", 5],
    ["error", "went wrong"],
    ["error", { code: 5, message: "x" }],
  ])("is refused by its member %s being %j", (name, value) => {
    const decoded = decodeMessage(both, bytes({ ...ENVELOPE, on: true, [name]: value }));

    expect(decoded).toMatchObject({ ok: false, reason: "bad_envelope" });
    expect(decoded.ok ? [] : decoded.problems.map(({ path }) => path)).toContain(name);
  });

  it("keeps what of it can be trusted", () => {
    expect(decodeMessage(enveloped, bytes({ id: "i", type: 5, data: {} }))).toMatchObject({
      reason: "bad_envelope",
      envelope: { id: "i", data: {} },
    });
  });

  it("is never read as bare JSON, whatever the contract accepts", () => {
    const half = { data: {}, id: "i", type: "lamp", on: true };

    expect([both, bare].map((topic) => decodeMessage(topic, bytes(half)))).toEqual([
      expect.objectContaining({ reason: "bad_envelope" }),
      expect.objectContaining({ reason: "bad_envelope" }),
    ]);
  });
});

describe("decoding bare JSON", () => {
  it.each([both, bare])("works where the contract says so, case %#", (topic) => {
    expect(decodeMessage(topic, bytes({ on: true, label: null }))).toEqual({
      ok: true,
      data: { on: true, level: 1 },
      envelope: undefined,
      strippedKeys: 0,
      typeDiffers: false,
    });
  });

  it("is refused where the contract wants an envelope", () => {
    expect(decodeMessage(enveloped, bytes({ on: true }))).toMatchObject({ ok: false, reason: "bad_envelope" });
  });

  it("refuses unknown members by their paths", () => {
    expect(decodeMessage(both, bytes({ on: true, glow: 1, place: { room: "a", floor: 1 } }))).toMatchObject({
      ok: false,
      reason: "contract",
      problems: [{ path: "glow" }, { path: "place.floor" }],
    });
  });

  it("refuses a member called __proto__, spelled with escapes too", () => {
    for (const name of ["__proto__", "\\u005f_proto__"]) {
      expect(decodeMessage(both, bytes(`{"on":true,"${name}":{"polluted":1}}`))).toMatchObject({
        reason: "contract",
        problems: [{ path: "__proto__" }],
      });
    }
  });

  it("sees one member of an envelope beside data as bare", () => {
    const topic = defineTopic({
      name: "x",
      type: "x",
      delivery: "event",
      wire: "bare",
      payload: z.object({ data: z.string(), id: z.string() }),
    });

    expect(decodeMessage(topic, bytes({ data: "d", id: "i" }))).toMatchObject({
      ok: true,
      data: { data: "d", id: "i" },
    });
  });
});

describe("a topic that takes any body", () => {
  const fallback = { ok: true, data: { reason: "unknown" } };

  it.each([
    ["nothing", new Uint8Array()],
    ["bytes", new Uint8Array([0xff, 0])],
    ["a word", bytes("stop!")],
    ["a broken envelope", bytes({ data: { reason: "x" }, id: "i", ts: 1 })],
    ["data that does not fit", bytes({ reason: 5 })],
  ])("delivers the schema's default for %s", (_what, payload) => {
    expect(decodeMessage(any, payload)).toMatchObject(fallback);
  });

  it("delivers what fits, enveloped or bare, and does without what it does not know", () => {
    const data = { reason: "button", extra: 1 };

    expect(decodeMessage(any, bytes({ ...ENVELOPE, data }))).toMatchObject({
      data: { reason: "button" },
      strippedKeys: 1,
    });
    expect(decodeMessage(any, bytes(data))).toMatchObject({ data: { reason: "button" }, strippedKeys: 1 });
  });
});
