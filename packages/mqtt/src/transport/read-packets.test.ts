import { generate, type IPublishPacket } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { FrameError } from "./frame-splitter.ts";
import { frameOf, numberOf } from "./packets.fixture.ts";
import { readPuback, readPublish } from "./read-packets.ts";
import type { ProtocolVersion } from "./transport.ts";

const publish = (parts: Partial<IPublishPacket>, protocol: ProtocolVersion = "5"): Buffer =>
  generate(
    { cmd: "publish", topic: "a/b", payload: "x", qos: 0, dup: false, retain: false, ...parts },
    numberOf(protocol),
  );

describe.each<ProtocolVersion>(["5", "3.1.1"])("on MQTT %s", (protocol) => {
  test("a message is read as it was written", () => {
    const properties = { messageExpiryInterval: 4_000_000_000, subscriptionIdentifier: 12 };
    const frame = publish(
      { topic: "raum/küche", qos: 1, messageId: 60_000, dup: true, retain: true, properties },
      protocol,
    );
    const isV5 = protocol === "5";

    expect(readPublish(frameOf(frame), protocol)).toEqual({
      topic: "raum/küche",
      payload: Buffer.from("x"),
      qos: 1,
      dup: true,
      retain: true,
      packetId: 60_000,
      expirySec: isV5 ? 4_000_000_000 : undefined,
      subscriptionIds: isV5 ? [12] : [],
      responseTopic: undefined,
      correlationData: undefined,
      cutFromBytes: undefined,
    });
  });

  test("a frame may lie anywhere in a chunk", () => {
    const frame = publish({ qos: 1, messageId: 3 }, protocol);
    const bytes = Buffer.concat([Buffer.from("before"), frame, Buffer.from("behind")]);

    const read = readPublish({ bytes, start: 6, end: 6 + frame.length, cutFromBytes: undefined }, protocol);

    expect([read.topic, read.packetId, read.payload.toString()]).toEqual(["a/b", 3, "x"]);
  });

  test.each([
    { what: "a topic that is longer than its packet", frame: [0x30, 3, 0x00, 0x09, 0x61] },
    { what: "no room for a packet id", frame: [0x32, 3, 0, 1, 0x61] },
    { what: "QoS 2", frame: [0x34, 5, 0, 1, 0x61, 0, 1] },
    { what: "QoS 3", frame: [0x36, 5, 0, 1, 0x61, 0, 1] },
    { what: "no topic", frame: [0x30, 3, 0, 0, 0] },
  ])("a message with $what is refused", ({ frame }) => {
    expect(() => readPublish(frameOf(Buffer.from(frame)), protocol)).toThrow(FrameError);
  });

  test("a name that is not UTF-8 is a name that nobody has", () => {
    const frame = Buffer.from([0x30, 5, 0, 2, 0xc3, 0x28, 0]);

    expect(readPublish(frameOf(frame), protocol).topic).toBe("\ufffd(");
  });

  test("an acknowledgement is read with its reason", () => {
    const refusal = generate(
      { cmd: "puback", messageId: 9, ...(protocol === "5" && { reasonCode: 0x87 }) },
      numberOf(protocol),
    );

    expect(readPuback(frameOf(refusal), protocol)).toEqual({ packetId: 9, reasonCode: protocol === "5" ? 0x87 : 0 });
  });

  test.each([
    { what: "reserved bits", frame: [0x42, 2, 0, 9] },
    { what: "no packet id", frame: [0x40, 1, 0] },
    { what: "more than there can be", frame: [0x40, 6, 0, 9, 0, 0, 1, 1] },
  ])("an acknowledgement with $what is refused", ({ frame }) => {
    expect(() => readPuback(frameOf(Buffer.from(frame)), protocol)).toThrow(FrameError);
  });
});

test("several subscription identifiers of one packet are all read, also long ones", () => {
  const frame = publish({ properties: { subscriptionIdentifier: [3, 200, 268_435_455] } });

  expect(readPublish(frameOf(frame), "5").subscriptionIds).toEqual([3, 200, 268_435_455]);
});

test("a reply's address and correlation data are read, and what we do not use is stepped over", () => {
  const frame = publish({
    properties: {
      payloadFormatIndicator: true,
      contentType: "application/json",
      userProperties: { a: ["1", "2"], b: "3" },
      topicAlias: 4,
      responseTopic: "answers/1",
      correlationData: Buffer.from("c"),
      messageExpiryInterval: 5,
    },
  });

  expect(readPublish(frameOf(frame), "5")).toMatchObject({
    responseTopic: "answers/1",
    correlationData: Buffer.from("c"),
    expirySec: 5,
    payload: Buffer.from("x"),
  });
});

test.each([
  { what: "one that a PUBLISH cannot have", properties: [0x11, 0, 0, 0, 1] },
  { what: "one that nobody knows", properties: [0x7f, 0] },
  { what: "one that is there twice", properties: [0x02, 0, 0, 0, 1, 0x02, 0, 0, 0, 1] },
  { what: "one that is cut off", properties: [0x02, 0, 0] },
  { what: "a text that ends beyond them", properties: [0x08, 0, 9, 0x61] },
  { what: "an identifier of five bytes", properties: [0x0b, 0x80, 0x80, 0x80, 0x80, 0x01] },
])("properties with $what are refused", ({ properties }) => {
  const body = [0, 1, 0x61, properties.length, ...properties, 0x78];
  const frame = Buffer.from([0x30, body.length, ...body]);

  expect(() => readPublish(frameOf(frame), "5")).toThrow(FrameError);
});

test("an acknowledgement's reason in words is stepped over, and a code that no standard lists is read", () => {
  const words = Buffer.from([0x40, 9, 0, 9, 0x95, 5, 0x1f, 0, 2, 0x6e, 0x6f]);

  expect(readPuback(frameOf(words), "5")).toEqual({ packetId: 9, reasonCode: 0x95 });
  expect(() => readPuback(frameOf(Buffer.from([0x40, 6, 0, 9, 0, 2, 0x02, 0])), "5")).toThrow(FrameError);
});
