import fc from "fast-check";
import { generate, type Packet, parser } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { createPacketCodec } from "./packets.ts";
import type { ProtocolVersion } from "./transport.ts";

const versionOf = (protocol: ProtocolVersion): number => (protocol === "5" ? 5 : 4);

/** What an independent reader makes of the bytes. */
function parse(bytes: Buffer, protocol: ProtocolVersion): Packet {
  const reader = parser({ protocolVersion: versionOf(protocol) });
  const packets: Packet[] = [];
  reader.on("packet", (packet: Packet) => packets.push(packet));
  reader.on("error", (error: Error) => {
    throw error;
  });
  reader.parse(bytes);
  const [packet, ...more] = packets;
  if (packet === undefined || more.length > 0) throw new Error(`${packets.length} packets instead of one`);
  return packet;
}

const texts = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).filter((text) => !/[+#\0]/.test(text));
const publishes = fc.record({
  topic: texts,
  payload: fc.uint8Array({ maxLength: 300 }),
  qos: fc.constantFrom(0 as const, 1 as const),
  dup: fc.boolean(),
  retain: fc.boolean(),
  packetId: fc.integer({ min: 1, max: 60_000 }),
  expirySec: fc.option(fc.integer({ min: 0, max: 0xffff_ffff }), { nil: undefined }),
  contentType: fc.option(texts, { nil: undefined }),
  correlationData: fc.option(
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    { nil: undefined },
  ),
});

describe.each<ProtocolVersion>(["5", "3.1.1"])("on MQTT %s", (protocol) => {
  const codec = createPacketCodec(protocol);

  test("what is written is read back as it was, by another reader", () => {
    fc.assert(
      fc.property(publishes, (given) => {
        const packet = { ...given, dup: given.dup && given.qos === 1 };
        const read = parse(codec.publish(packet), protocol);

        if (read.cmd !== "publish") throw new Error(`a ${read.cmd} packet`);
        expect(read).toMatchObject({ topic: packet.topic, qos: packet.qos, dup: packet.dup, retain: packet.retain });
        expect(Buffer.from(read.payload)).toEqual(Buffer.from(packet.payload));
        expect(read.messageId).toBe(packet.qos === 1 ? packet.packetId : undefined);
        expect(read.properties?.messageExpiryInterval).toBe(protocol === "5" ? packet.expirySec : undefined);
        expect(read.properties?.contentType).toBe(protocol === "5" ? packet.contentType : undefined);
      }),
    );
  });

  test("what another writer wrote is read as it was", () => {
    fc.assert(
      fc.property(publishes, (given) => {
        const { topic, payload, qos, retain, packetId, expirySec } = given;
        const dup = given.dup && qos === 1;
        const properties = expirySec === undefined ? {} : { messageExpiryInterval: expirySec };
        const frame = generate(
          {
            cmd: "publish",
            topic,
            payload: Buffer.from(payload),
            qos,
            dup,
            retain,
            ...(qos === 1 && { messageId: packetId }),
            ...(protocol === "5" && { properties: { ...properties, subscriptionIdentifier: 12 } }),
          },
          { protocolVersion: versionOf(protocol) },
        );

        const isV5 = protocol === "5";
        expect(codec.decode(frame)).toMatchObject({
          topic,
          payload: Buffer.from(payload),
          qos,
          dup,
          retain,
          packetId: qos === 1 ? packetId : 0,
          expirySec: isV5 ? expirySec : undefined,
          subscriptionIds: isV5 ? [12] : [],
        });
      }),
    );
  });

  test("an acknowledgement is written for its packet, and read with its reason", () => {
    const refusal = generate(
      { cmd: "puback", messageId: 9, ...(protocol === "5" && { reasonCode: 0x87 }) },
      { protocolVersion: versionOf(protocol) },
    );

    expect(parse(codec.puback(60_000), protocol)).toMatchObject({ cmd: "puback", messageId: 60_000 });
    expect(codec.decode(refusal)).toEqual({ puback: 9, reasonCode: protocol === "5" ? 0x87 : 0 });
  });

  test.each([
    { what: "a topic that is longer than its packet", frame: Buffer.from([0x30, 3, 0x00, 0x09, 0x61]) },
    { what: "QoS 3", frame: Buffer.from([0x36, 5, 0, 1, 0x61, 0, 1]) },
    { what: "a packet of another kind", frame: Buffer.from([0xd0, 0]) },
  ])("$what is refused", ({ frame }) => {
    expect(() => createPacketCodec(protocol).decode(frame)).toThrow(Error);
  });

  test("random frames are read or refused, and nothing else happens", () => {
    fc.assert(
      fc.property(fc.constantFrom(0x30, 0x32, 0x3b, 0x40), fc.uint8Array({ maxLength: 120 }), (first, body) => {
        const frame = Buffer.from([first, body.length, ...body]);
        try {
          const packet = createPacketCodec(protocol).decode(frame);

          expect("puback" in packet ? typeof packet.puback : typeof packet.topic).toBe(
            first === 0x40 ? "number" : "string",
          );
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

test("several subscription identifiers of one packet are all read", () => {
  const frame = generate(
    {
      cmd: "publish",
      topic: "a",
      payload: Buffer.alloc(0),
      qos: 0,
      dup: false,
      retain: false,
      properties: { subscriptionIdentifier: [3, 200] },
    },
    { protocolVersion: 5 },
  );

  expect(createPacketCodec("5").decode(frame)).toMatchObject({ subscriptionIds: [3, 200] });
});

test("a reply's address and correlation data are read", () => {
  const frame = generate(
    {
      cmd: "publish",
      topic: "a",
      payload: Buffer.alloc(0),
      qos: 0,
      dup: false,
      retain: false,
      properties: { responseTopic: "answers/1", correlationData: Buffer.from("c") },
    },
    { protocolVersion: 5 },
  );

  expect(createPacketCodec("5").decode(frame)).toMatchObject({
    responseTopic: "answers/1",
    correlationData: Buffer.from("c"),
  });
});
