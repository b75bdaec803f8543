/** A foreign peer's mistake in an envelope must not turn its message into another one, on the topics that read bare JSON too. */
import { decodeMessage, type Topic } from "@ts-tars/mqtt/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { CATALOGUE } from "./index.ts";
import { arbitraryOf } from "./schema-arbitrary.fixture.ts";

const ENVELOPE = { id: "0".repeat(32), type: "any.type", ts: 1_731_000_000.5, source: "peer" };

/** Undefined: the key is missing. */
const NO_TEXT = [null, 0, true, [], {}, "x".repeat(257)];
const BROKEN: Readonly<Record<string, readonly unknown[]>> = {
  id: [undefined, "", ...NO_TEXT],
  type: [undefined, "", ...NO_TEXT],
  ts: [undefined, null, "1731000000", true, [], {}],
  source: [undefined, ...NO_TEXT],
  data: [undefined, null, 0, true, "{}", []],
  correlation_id: ["", ...NO_TEXT.slice(1)],
  reply_to_id: ["", ...NO_TEXT.slice(1)],
  traceparent: ["", ...NO_TEXT.slice(1)],
  replay_of: ["", ...NO_TEXT.slice(1)],
  error: ["no", 0, [], {}, { code: 1, message: "no" }, { code: "no" }],
};

const breaks = fc.oneof(
  ...Object.entries(BROKEN).map(([key, values]) =>
    fc.record({ key: fc.constant(key), value: fc.constantFrom(...values) }),
  ),
);

const bodyOf = (message: unknown, { key, value }: { readonly key: string; readonly value: unknown }) => {
  const envelope: Record<string, unknown> = { ...ENVELOPE, data: message, [key]: value };
  return envelope;
};

function read(topic: Topic, body: object) {
  return decodeMessage(topic, new TextEncoder().encode(JSON.stringify(body)));
}

const messagesOf = (topic: Topic) => arbitraryOf(z.instanceof(z.ZodType).parse(topic.payload));
const BARE = CATALOGUE.filter(({ acceptsBare, wire }) => acceptsBare || wire === "bare").map(
  (one) => [one.name, one] as const,
);
const ANY = CATALOGUE.filter(({ wire }) => wire === "any").map((one) => [one.name, one] as const);

describe("an envelope with one broken key", () => {
  it.each(BARE)("is no message of %s, whichever key it is and however broken", (_name, topic) => {
    fc.assert(
      fc.property(messagesOf(topic), breaks, (message, broken) => {
        expect(read(topic, bodyOf(message, broken)).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it.each(BARE)("is none of %s either when the message's own members stand around it", (_name, topic) => {
    fc.assert(
      fc.property(messagesOf(topic), breaks, (message, broken) => {
        expect(read(topic, { ...Object(message), ...bodyOf(message, broken) }).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it.each(BARE)("is refused as a broken envelope on %s, unless nothing but its data is missing", (_name, topic) => {
    const [message] = fc.sample(messagesOf(topic), 1);
    const reasons = Object.entries(BROKEN).flatMap(([key, values]) =>
      values
        .filter((value) => key !== "data" || value !== undefined)
        .map((value) => [key, read(topic, bodyOf(message, { key, value }))] as const),
    );

    expect(reasons.length).toBeGreaterThan(50);
    expect(reasons.filter(([, decoded]) => decoded.ok || decoded.reason !== "bad_envelope")).toEqual([]);
    for (const [key, decoded] of reasons) expect(decoded).toMatchObject({ problems: [{ path: key }] });
  });

  it.each(ANY)("still is a message of %s, as everything is, and nothing in it is believed", (_name, topic) => {
    fc.assert(
      fc.property(messagesOf(topic), breaks, (message, broken) => {
        const decoded = read(topic, bodyOf(message, broken));

        expect(decoded).toMatchObject({ ok: true, envelope: undefined });
        expect(decoded.ok && decoded.data).toEqual({});
      }),
    );
  });

  it("concerns every topic that is read without an envelope", () => {
    expect(BARE.map(([name]) => name).toSorted()).toEqual([
      "dead/{service}/{id}",
      "movement/state",
      "movement/status",
      "movement/test",
      "system/health/{service}",
      "system/keepalive/{client_id}",
      "tts/control",
      "tts/say",
      "wake/mic",
    ]);
    expect(ANY.map(([name]) => name)).toEqual(["movement/stop"]);
  });
});
