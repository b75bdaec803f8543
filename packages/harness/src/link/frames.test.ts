import fc from "fast-check";
import mqttPacket, { type Packet } from "mqtt-packet";
import { expect, test } from "vitest";
import { frameSplitter } from "./frames.ts";

/** Frames of every length of the length field, from two bytes to 200 kB. */
const anyFrame = fc
  .record({
    topic: fc.constantFrom("a", "some/topic"),
    size: fc.oneof(fc.nat(130), fc.constantFrom(16_400, 200_000)),
    qos: fc.constantFrom(0, 1),
  })
  .map(({ topic, size, qos }) => {
    const publish: Packet = {
      cmd: "publish",
      topic,
      payload: Buffer.alloc(size, 7),
      qos: qos === 0 ? 0 : 1,
      messageId: 9,
      dup: false,
      retain: false,
    };
    return size % 3 === 0 ? mqttPacket.generate({ cmd: "pingreq" }) : mqttPacket.generate(publish);
  });

test("Frames come out whole and in order wherever the chunks' borders are", () => {
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 40 }), (frames, draws) => {
      const stream = Buffer.concat(frames);
      const splitter = frameSplitter();

      const out = cutAt(stream, draws).flatMap((chunk) => splitter.push(chunk));

      expect(out.map(hex)).toEqual(frames.map(hex));
      expect(splitter.takeRest()).toHaveLength(0);
    }),
    { numRuns: 200 },
  );
});

test("Frames come out whole when they come byte by byte", () => {
  const frames = [mqttPacket.generate({ cmd: "pingreq" }), mqttPacket.generate({ cmd: "puback", messageId: 300 })];
  const splitter = frameSplitter();

  const out = [...Buffer.concat(frames)].flatMap((byte) => splitter.push(Buffer.of(byte)));

  expect(out.map(hex)).toEqual(frames.map(hex));
});

test("What is incomplete is the rest, exactly", () => {
  fc.assert(
    fc.property(anyFrame, fc.nat(), (frame, draw) => {
      const kept = draw % frame.length;
      const splitter = frameSplitter();

      const out = splitter.push(frame.subarray(0, kept));

      expect(out).toEqual([]);
      expect(hex(splitter.takeRest())).toBe(hex(frame.subarray(0, kept)));
    }),
  );
});

test("A length of five bytes is no MQTT; what came before it is not lost", () => {
  const ping = mqttPacket.generate({ cmd: "pingreq" });
  const garbage = Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01]);
  const splitter = frameSplitter();

  const out = splitter.push(Buffer.concat([ping, garbage]));

  expect(out.map(hex)).toEqual([hex(ping)]);
  expect(splitter.isBroken).toBe(true);
  expect(hex(splitter.takeRest())).toBe(hex(garbage));
  expect(splitter.push(ping)).toEqual([]);
});

function cutAt(bytes: Buffer, draws: readonly number[]): readonly Buffer[] {
  const borders = [...new Set([0, ...draws.map((draw) => draw % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
}

function hex(bytes: Buffer): string {
  return bytes.toString("hex");
}
