import { encodePacket, frameSplitter, parseFrame } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { canFrame, serve } from "./canned-frame.ts";

const ID = "0123456789abcdef0123456789abcdef";

function publish(qos: 0 | 1, payload: object): Buffer {
  const packet = {
    cmd: "publish",
    topic: "bench/t0",
    payload: JSON.stringify(payload),
    dup: false,
    retain: false,
  } as const;
  return encodePacket(
    { ...packet, qos, ...(qos === 1 && { messageId: 9 }), properties: { subscriptionIdentifier: 300 } },
    5,
  );
}

function read(bytes: Buffer) {
  return frameSplitter()
    .push(bytes)
    .map((frame) => parseFrame(frame, 5))
    .map((packet) => packet?.cmd === "publish" && { id: packet.messageId, json: JSON.parse(String(packet.payload)) });
}

test("each message of a piece is a packet of its own, with a packet id and an envelope id that no other has", () => {
  const frames = ["a", "b"].map((text) => canFrame(publish(1, { id: ID, data: { text } }), { qos: 1 }));

  const packets = read(serve(frames, { sequence: 254, count: 3 }));

  expect(packets).toEqual([
    { id: 255, json: { id: "0123456789abcdef01234567000000fe", data: { text: "a" } } },
    { id: 256, json: { id: "0123456789abcdef01234567000000ff", data: { text: "b" } } },
    { id: 257, json: { id: "0123456789abcdef0123456700000100", data: { text: "a" } } },
  ]);
});

test("packet ids start over behind the last one, and are never zero", () => {
  const frames = [canFrame(publish(1, { id: ID }), { qos: 1 })];

  expect(read(serve(frames, { sequence: 65_534, count: 2 }))).toMatchObject([{ id: 65_535 }, { id: 1 }]);
});

test("a message without an envelope, at QoS 0, is sent as it is", () => {
  const frames = [canFrame(publish(0, { text: "plain" }), { qos: 0 })];

  expect(read(serve(frames, { sequence: 7, count: 1 }))).toMatchObject([{ json: { text: "plain" } }]);
});
