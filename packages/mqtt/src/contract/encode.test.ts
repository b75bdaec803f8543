import { plantedSecret } from "@ts-tars/harness";
import { describe, expect, it } from "vitest";
import { ContractViolationError } from "../errors.ts";
import { binaryFrame } from "./binary-frame.ts";
import { decodeMessage } from "./decode.ts";
import { defineTopic } from "./define-topic.ts";
import { encodeMessage } from "./encode.ts";
import { anySchema, Lamp } from "./schemas.fixture.ts";

const SECRET = plantedSecret("sunflower");

const topic = defineTopic({ name: "lamp/{id}", type: "lamp", delivery: "event", payload: Lamp }).at({ id: "3" });
const META = { id: "1".repeat(32), ts: 1_700_000_000.5, source: "desk" };

function textOf(payload: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(payload));
}

function problemsOf(encode: () => unknown): readonly (readonly [string, string])[] {
  try {
    encode();
  } catch (error) {
    if (error instanceof ContractViolationError) return error.problems.map(({ path, reason }) => [path, reason]);
    throw error;
  }
  return [];
}

describe("encoding", () => {
  it("writes the five members of an envelope and no others, with the data's defaults filled in", () => {
    expect(textOf(encodeMessage(topic, { on: true }, META))).toEqual({
      id: META.id,
      type: "lamp",
      ts: META.ts,
      source: "desk",
      data: { on: true, level: 1 },
    });
  });

  it("writes the optional members that are given", () => {
    const error = { code: "BUSY", message: "later" };
    const meta = { ...META, correlationId: "c", replyToId: "r", error, traceparent: "t", replayOf: "o" };

    expect(textOf(encodeMessage(topic, { on: true }, meta))).toMatchObject({
      correlation_id: "c",
      reply_to_id: "r",
      error,
      traceparent: "t",
      replay_of: "o",
    });
  });

  it("writes bare topics without an envelope, and topics of any body with one", () => {
    const bare = defineTopic({ name: "lamp", type: "lamp", delivery: "event", payload: Lamp, wire: "bare" });
    const any = defineTopic({ name: "lamp", type: "lamp", delivery: "event", payload: anySchema, wire: "any" });

    expect(textOf(encodeMessage(bare, { on: false }, META))).toEqual({ on: false, level: 1 });
    expect(textOf(encodeMessage(any, { on: false }, META))).toMatchObject({ type: "lamp", data: { on: false } });
  });

  it("writes a failed reply without data, which its asker reads from the envelope", () => {
    const error = { code: "NO_LAMP", message: "There is no such lamp." };
    const payload = encodeMessage(topic, undefined, { ...META, replyToId: "r", error });

    expect(decodeMessage(topic, payload)).toMatchObject({
      ok: false,
      reason: "contract",
      envelope: { reply_to_id: "r", error },
    });
  });

  it("writes text of every script as it is", () => {
    const label = "Grüße, 世界 🤖\n";

    expect(textOf(encodeMessage(topic, { on: true, label }, META))).toMatchObject({ data: { label } });
  });
});

describe("what breaks the contract is not encoded", () => {
  it("and every problem is named with path and reason, and with the concrete topic", () => {
    const data = { on: "yes", level: 2, place: { room: 5 } };
    const problems = problemsOf(() => encodeMessage(topic, data, META));

    expect(problems.map(([path]) => path)).toEqual(["on", "level", "place.room"]);
    expect(() => encodeMessage(topic, data, META)).toThrow(/lamp\/3 .*on: .*level: .*place\.room: /);
  });

  it("also when it is only a member that the contract does not know, at any depth", () => {
    const data = { on: true, glow: 1, place: { room: "a", floor: 1 }, colours: [{ hue: 1 }, { hue: 2, tint: 1 }] };

    expect(problemsOf(() => encodeMessage(topic, data, META))).toEqual([
      ["glow", "is not a member of this message"],
      ["place.floor", "is not a member of this message"],
      ["colours.1.tint", "is not a member of this message"],
    ]);
  });

  it("but a member that is undefined is no member", () => {
    expect(problemsOf(() => encodeMessage(topic, { on: true, glow: undefined }, META))).toEqual([]);
  });

  it.each([[null], [undefined], [[]], ["on"], [7]])("when it is no object but %j", (data) => {
    expect(problemsOf(() => encodeMessage(topic, data, META))).toHaveLength(1);
  });

  it("when it contains itself, or is nested without end", () => {
    const loop: Record<string, unknown> = {};
    loop["self"] = loop;

    expect(problemsOf(() => encodeMessage(topic, { on: true, params: loop }, META))).toEqual([
      ["", "is nested more than 64 levels deep, or contains itself"],
    ]);
  });

  it("when JSON cannot say it", () => {
    expect(problemsOf(() => encodeMessage(topic, { on: true, params: { big: 1n } }, META))).toEqual([
      ["", "cannot be written as JSON (a bigint, or a member that throws)"],
    ]);
  });

  it("when a binary topic's schema lets pass what is no frame", () => {
    const binary = defineTopic({ name: "b", type: "b", delivery: "stream", wire: "binary", payload: anySchema });

    expect(problemsOf(() => encodeMessage(binary, { on: true }, META))).toEqual([["", "is not a binary frame"]]);
  });

  it("without a trace of its values in the error", () => {
    const data = { on: SECRET, level: SECRET, place: { room: 5, shelf: SECRET } };

    expect(() => encodeMessage(topic, data, META)).toThrow(expect.not.stringContaining(SECRET));
    expect(JSON.stringify(problemsOf(() => encodeMessage(topic, data, META)))).not.toContain(SECRET);
  });

  it("and a frame says which of its members is wrong", () => {
    const binary = defineTopic({ name: "b", type: "b", delivery: "stream", wire: "binary", payload: binaryFrame });
    const frame = { sequence: -1, stream_id: "x", position: 2 ** 53, ts: Number.NaN, flags: 256, bytes: [1] };

    expect(problemsOf(() => encodeMessage(binary, frame, META)).map(([path]) => path)).toEqual([
      "sequence",
      "ts",
      "stream_id",
      "position",
      "flags",
      "bytes",
    ]);
  });
});

describe("encoding for peers of the reference", () => {
  const meta = { ...META, compat: "five-keys", correlationId: "c", traceparent: "t", replayOf: "o" } as const;
  const data = { on: true, place: { room: "hall", shelf: 2 }, colours: [{ hue: 1, name: "red" }, { hue: 2 }] };
  const known = defineTopic({
    name: "lamp",
    type: "lamp",
    delivery: "event",
    payload: Lamp,
    reference: { lacks: ["level", "place.shelf", "colours.name"] },
  });

  it("leaves out what they lack, at any depth, and every optional member of the envelope", () => {
    expect(textOf(encodeMessage(known, data, meta))).toEqual({
      id: META.id,
      type: "lamp",
      ts: META.ts,
      source: "desk",
      data: { on: true, place: { room: "hall" }, colours: [{ hue: 1 }, { hue: 2 }] },
    });
  });

  it("gives a reply the id of its request, by which they know it", () => {
    expect(textOf(encodeMessage(known, data, { ...meta, replyToId: "asked" }))).toMatchObject({ id: "asked" });
  });

  it("changes nothing of a topic that they do not have", () => {
    const { compat: _off, ...plain } = meta;

    expect(textOf(encodeMessage(topic, data, meta))).toEqual(textOf(encodeMessage(topic, data, plain)));
  });

  it("refuses what breaks the contract all the same, also in a member that would be left out", () => {
    expect(
      problemsOf(() => encodeMessage(known, { on: true, level: 2, stranger: 1 }, meta)).map(([path]) => path),
    ).toEqual(["level"]);
  });

  it("leaves members out of bare topics too", () => {
    const bare = defineTopic({
      name: "lamp",
      type: "lamp",
      delivery: "event",
      payload: Lamp,
      wire: "bare",
      reference: { lacks: ["level"] },
    });

    expect(textOf(encodeMessage(bare, { on: true }, meta))).toEqual({ on: true });
  });
});
