import { decodeMessage, encodeMessage, type MessageMeta } from "@ts-tars/mqtt/contract";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { llmRequest, sttFinal, systemHealth, ttsSay } from "./index.ts";

const META = { id: "5f0c1f6e8d3b4c2a9e7d6b5a4c3f2e1d", ts: 1_731_000_000.123, source: "peer" };
const ENVELOPE = { ...META, type: "stt.final", data: { text: "hi" } };

const read = (body: object) => decodeMessage(sttFinal, new TextEncoder().encode(JSON.stringify(body)));
const bodyOf = (payload: Uint8Array) => z.looseObject({}).parse(JSON.parse(new TextDecoder().decode(payload)));
const written = (meta: Partial<MessageMeta> = {}) =>
  bodyOf(encodeMessage(ttsSay, { text: "hi" }, { ...META, ...meta }));

describe("the envelope's contract", () => {
  it("id, type, ts, source and data are required", () => {
    for (const key of ["id", "type", "ts", "source"]) {
      const { [key]: _gone, ...rest } = ENVELOPE as Record<string, unknown>; // one key of five is taken out
      expect(read(rest)).toMatchObject({ ok: false, reason: "bad_envelope", problems: [{ path: key }] });
    }
    expect(read({ ...META, type: "stt.final" })).toMatchObject({ ok: false, reason: "bad_envelope" });
  });

  it("nothing else is (ours knows five more, which the reference would refuse)", () => {
    const optional = { correlation_id: "turn", reply_to_id: "q", traceparent: "t", replay_of: "d" };

    expect(read(ENVELOPE)).toMatchObject({ ok: true });
    expect(read({ ...ENVELOPE, ...optional })).toMatchObject({ ok: true, envelope: optional });
  });

  it("ts is a number of seconds with its fraction", () => {
    expect(written()["ts"]).toBe(1_731_000_000.123);
    expect(read({ ...ENVELOPE, ts: "1731000000" })).toMatchObject({ ok: false, problems: [{ path: "ts" }] });
  });

  it("an envelope comes back from the wire as it was", () => {
    expect(read(ENVELOPE)).toMatchObject({ ok: true, envelope: META, data: { text: "hi" } });
  });

  it("data that is no object is refused", () => {
    for (const data of ["hi", 7, [], null, true]) {
      expect(read({ ...ENVELOPE, data })).toMatchObject({ ok: false, problems: [{ path: "data" }] });
    }
  });

  it("a correlation id stands beside the message's own id (the reference puts it in its place)", () => {
    expect(written({ correlationId: "turn" })).toMatchObject({ id: META.id, correlation_id: "turn" });
    expect(written({ replyToId: "question", compat: "five-keys" })).toMatchObject({ id: "question" });
  });

  it("a model is taken as data, with its defaults", () => {
    expect(bodyOf(encodeMessage(llmRequest, { id: "u1", text: "hi" }, META))).toMatchObject({
      type: "llm.request",
      data: { id: "u1", text: "hi", stream: true },
    });
  });

  it("health is an envelope like all others", () => {
    expect(bodyOf(encodeMessage(systemHealth, { ok: true, event: "ready" }, META))).toEqual({
      ...META,
      type: "health.status",
      data: { ok: true, event: "ready" },
    });
  });

  it("texts, numbers, booleans, lists, objects and nulls keep their kinds", () => {
    const params = { text: "世界", whole: 3, part: 0.25, yes: true, list: [1, "two", null], inner: { none: null } };
    const payload = encodeMessage(llmRequest, { id: "u1", text: "hi", params }, META);
    const decoded = decodeMessage(llmRequest, payload);

    expect(decoded.ok && decoded.data).toMatchObject({ params });
  });

  it("what is absent is not written (the reference writes nulls, and ours reads them as absent)", () => {
    expect(written()["data"]).toEqual({ text: "hi", site_id: "default" });
    expect(read({ ...ENVELOPE, data: { text: "hi", utt_id: null, confidence: null } })).toMatchObject({
      ok: true,
      strippedKeys: 0,
    });
  });

  it("it has exactly five keys, unless something is said of a turn, a question, a failure, a trace or a letter", () => {
    expect(Object.keys(written()).toSorted()).toEqual(["data", "id", "source", "ts", "type"]);
    expect(Object.keys(written({ correlationId: "turn" }))).toHaveLength(6);
    expect(
      Object.keys(bodyOf(encodeMessage(ttsSay, { text: "hi" }, { ...META, compat: "five-keys", correlationId: "c" }))),
    ).toHaveLength(5);
  });
});
