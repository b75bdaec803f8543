import { expect, test } from "vitest";
import { AudioPlayout, CaptureId, SoundFrame, soundIdOf } from "./index.ts";

const SAY_ID = "0123456789abcdef0123456789abcdef";
const FRAME = { sequence: 0, stream_id: soundIdOf(SAY_ID), position: 0 };

test("a sentence is named alike by its own id and by the one that its frames carry", () => {
  const reported = [SAY_ID, soundIdOf(SAY_ID)].map((say_id) =>
    AudioPlayout.parse({ say_id, played_ms: 0, state: "playing" }),
  );

  expect(CaptureId.parse(soundIdOf(SAY_ID))).toBe("0123456789abcdef");
  expect(reported.map(({ say_id }) => soundIdOf(say_id))).toEqual([soundIdOf(SAY_ID), soundIdOf(SAY_ID)]);
});

test("a frame holds the bytes of any array, also of Node's own kind, but nothing else", () => {
  const accepts = (bytes: unknown): boolean => SoundFrame.safeParse({ ...FRAME, bytes }).success;

  expect([new Uint8Array(640), Buffer.alloc(640), new Uint8Array(700).subarray(60)].map(accepts)).toEqual([
    true,
    true,
    true,
  ]);
  expect([new Int16Array(320), new ArrayBuffer(640), "0".repeat(640), undefined].map(accepts)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
