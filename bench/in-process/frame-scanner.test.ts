import { encodePacket } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { rollDice } from "../scorecard/dice.ts";
import { FrameScanner } from "./frame-scanner.ts";

const frames = [
  encodePacket(
    { cmd: "connect", clientId: "c", protocolId: "MQTT", protocolVersion: 5, clean: true, keepalive: 15 },
    5,
  ),
  encodePacket({ cmd: "pingreq" }, 5),
  ...[0, 1].flatMap((qos) =>
    [0, 1, 300, 20_000].map((bytes, index) =>
      encodePacket(
        {
          cmd: "publish",
          topic: "bench/lane",
          payload: Buffer.alloc(bytes, 0x30),
          qos: qos === 0 ? 0 : 1,
          dup: false,
          retain: false,
          ...(qos === 1 && { messageId: 40_000 + index }),
          properties: { messageExpiryInterval: 60 },
        },
        5,
      ),
    ),
  ),
  encodePacket({ cmd: "puback", messageId: 7, reasonCode: 0 }, 5),
];

test("a scanner tells every packet apart, wherever the pieces are cut", () => {
  const whole = Buffer.concat(frames);
  const dice = rollDice(20_261_127);

  for (let round = 0; round < 200; round += 1) {
    const seen: unknown[] = [];
    const scanner = new FrameScanner({
      onPublish: (qos, packetId) => seen.push({ qos, packetId }),
      onPuback: () => seen.push("puback"),
      onOther: (frame) => seen.push((frame[0] ?? 0) >> 4, frame.length),
    });
    for (let at = 0; at < whole.length; ) {
      const bytes = 1 + dice.below(round % 2 === 0 ? 5 : 2_000);
      scanner.scan(whole.subarray(at, at + bytes));
      at += bytes;
    }

    expect(seen, `round ${round}`).toEqual([
      1,
      frames[0]?.length,
      12,
      2,
      ...[0, 1, 2, 3].map(() => ({ qos: 0, packetId: expect.any(Number) })),
      ...[0, 1, 2, 3].map((index) => ({ qos: 1, packetId: 40_000 + index })),
      "puback",
    ]);
  }
});
