import fc from "fast-check";
import { expect, test } from "vitest";
import { TopicMemo } from "./topic-memo.ts";

test("whatever came before, a topic is read as its bytes say, wherever they lie", () => {
  const piece = fc.constantFrom(
    "tts/say",
    "tts/sai",
    "stt",
    "",
    "küche/mic",
    "x".repeat(128),
    "x".repeat(129),
    "y/tts/say",
  );
  const topic = fc.oneof(
    piece.map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 3 }).map(Buffer.from),
  );

  fc.assert(
    fc.property(fc.array(fc.record({ topic, before: fc.nat(3) })), (topics) => {
      const memo = new TopicMemo();
      for (const { topic: bytes, before } of topics) {
        const frame = Buffer.concat([Buffer.alloc(before, 0x78), bytes, Buffer.alloc(2, 0x79)]);

        const text = memo.read({ bytes: frame, start: before, end: before + bytes.length });

        expect(text).toBe(bytes.toString("utf8"));
      }
    }),
  );
});

test("what it knows does not change with the memory that it was read from", () => {
  const memo = new TopicMemo();
  const frame = Buffer.from("tts/say");
  memo.read({ bytes: frame, start: 0, end: frame.length });

  frame.write("tts/sax");

  expect(memo.read({ bytes: Buffer.from("tts/say"), start: 0, end: 7 })).toBe("tts/say");
  expect(memo.read({ bytes: frame, start: 0, end: 7 })).toBe("tts/sax");
});
