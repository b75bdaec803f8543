/**
 * The examples of binary topics. A payload is `header`, its first 32 bytes in hex, and behind it `bytes` (hex), so many
 * `times`; a `frame` is what a program of ours holds instead of such a header.
 */
import { ContractViolationError } from "@ts-tars/mqtt";
import { decodeMessage, encodeMessage } from "@ts-tars/mqtt/contract";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readGolden } from "./golden.fixture.ts";
import { CATALOGUE } from "./index.ts";

const Hex = z.string().regex(/^(?:[0-9a-f]{2})*$/);
const content = { bytes: Hex.default(""), times: z.number().default(1) };
const Accepted = z.strictObject({
  why: z.string(),
  header: Hex.length(64),
  frame: z.strictObject({
    sequence: z.number(),
    ts: z.number(),
    stream_id: z.string(),
    position: z.number(),
    flags: z.number(),
  }),
  ...content,
});
const Refused = z.strictObject({
  why: z.string(),
  /** What comes over the wire … */
  header: Hex.optional(),
  /** … or what a program asks to send. */
  frame: z.record(z.string(), z.unknown()).optional(),
  ...content,
  reason: z.enum(["undecodable", "contract"]).default("contract"),
  problems: z.array(z.string()),
});

const META = { id: "0".repeat(32), ts: 1_731_000_000, source: "golden" };

function payloadOf({ header = "", bytes, times }: { header?: string | undefined; bytes: string; times: number }) {
  return new Uint8Array(Buffer.from(header + bytes.repeat(times), "hex"));
}

const BINARY_TOPICS = CATALOGUE.filter(({ wire }) => wire === "binary").map((topic) => [topic.name, topic] as const);

describe.each(BINARY_TOPICS)("%s", (_name, topic) => {
  const refused = readGolden(topic, "refused", Refused);
  const received = refused.filter(([, { frame }]) => frame === undefined);

  it.each(readGolden(topic, "accepted", Accepted))("reads and sends: %s", (_why, example) => {
    const frame = { ...example.frame, bytes: payloadOf({ ...example, header: undefined }) };

    expect(decodeMessage(topic, payloadOf(example))).toEqual({
      ok: true,
      data: frame,
      envelope: undefined,
      strippedKeys: 0,
      typeDiffers: false,
    });
    expect(encodeMessage(topic, frame, META)).toEqual(payloadOf(example));
  });

  it.each(received)("refuses: %s", (_why, example) => {
    const decoded = decodeMessage(topic, payloadOf(example));

    expect(decoded).toMatchObject({ ok: false, reason: example.reason });
    expect(decoded.ok ? [] : decoded.problems.map(({ path }) => path)).toEqual(example.problems);
  });

  it.each(refused.filter(([, { frame }]) => frame !== undefined))("does not send: %s", (_why, example) => {
    const send = () => encodeMessage(topic, { bytes: payloadOf(example), ...example.frame }, META);

    expect(send).toThrow(ContractViolationError);
    expect(send).toThrow(
      expect.objectContaining({ problems: example.problems.map((path) => expect.objectContaining({ path })) }),
    );
  });

  it("takes the time of publishing and no flags for a frame that has none", () => {
    const frame = { sequence: 1, stream_id: "00ff00ff00ff00ff", position: 320, bytes: new Uint8Array(640) };

    expect(decodeMessage(topic, encodeMessage(topic, frame, META))).toMatchObject({ data: { ts: META.ts, flags: 0 } });
  });
});
