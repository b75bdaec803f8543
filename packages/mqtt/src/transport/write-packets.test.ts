import fc from "fast-check";
import { generate } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { numberOf, parseWithLibrary, written } from "./packets.fixture.ts";
import { Page } from "./page.ts";
import type { OutboundPublish, ProtocolVersion } from "./transport.ts";
import { writePuback, writePublish } from "./write-packets.ts";

const texts = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).filter((text) => !/[+#\0]/.test(text));
const publishes = fc.record({
  topic: texts,
  payload: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(4_096, 4_097, 16_384, 70_000).map(bytesOf)),
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

function bytesOf(length: number): Uint8Array {
  return new Uint8Array(length).fill(7);
}

function byLibrary(packet: OutboundPublish, protocol: ProtocolVersion): Buffer {
  const { expirySec, contentType, correlationData, payload, packetId, ...rest } = packet;
  const properties = {
    ...(expirySec !== undefined && { messageExpiryInterval: expirySec }),
    ...(contentType !== undefined && { contentType }),
    ...(correlationData !== undefined && { correlationData }),
  };
  return generate(
    {
      cmd: "publish",
      ...rest,
      payload: Buffer.from(payload),
      ...(rest.qos === 1 && { messageId: packetId }),
      ...(protocol === "5" && { properties }),
    },
    numberOf(protocol),
  );
}

describe.each<ProtocolVersion>(["5", "3.1.1"])("on MQTT %s", (protocol) => {
  test("a PUBLISH is, byte for byte, what another writer makes of it", () => {
    fc.assert(
      fc.property(publishes, (packet) => {
        const ours = written((page) => writePublish(page, packet, protocol));

        expect(ours.equals(byLibrary(packet, protocol))).toBe(true);
      }),
    );
  });

  test("several packets stand one behind the other, large ones among them", () => {
    fc.assert(
      fc.property(fc.array(publishes, { maxLength: 12 }), (packets) => {
        const ours = written((page) => {
          for (const packet of packets) writePublish(page, packet, protocol);
          writePuback(page, 60_000);
        });
        const read = parseWithLibrary([ours], protocol);

        expect(read.isRefused).toBe(false);
        expect(read.packets.map(({ cmd }) => cmd)).toEqual([...packets.map(() => "publish"), "puback"]);
      }),
      { numRuns: 30 },
    );
  });

  test("an acknowledgement is written for its packet", () => {
    const ours = written((page) => writePuback(page, 60_000));

    expect(parseWithLibrary([ours], protocol).packets).toMatchObject([{ cmd: "puback", messageId: 60_000 }]);
  });

  test("what no packet can carry is refused, and nothing of it is left behind", () => {
    const page = new Page();
    const packet = { qos: 0, dup: false, retain: false, packetId: 0, expirySec: undefined } as const;
    const tooLong: OutboundPublish = {
      ...packet,
      topic: "x".repeat(65_536),
      payload: new Uint8Array(1),
      contentType: undefined,
      correlationData: undefined,
    };

    expect(() => writePublish(page, tooLong, protocol)).toThrow("a topic of 65536");
    expect(page.take()).toEqual([]);
  });
});
