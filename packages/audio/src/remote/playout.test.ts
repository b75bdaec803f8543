import { expect, test } from "vitest";
import { advance, beginPlayout, cut, hasEnded, receive } from "./playout.ts";

const SECOND = 16_000;

test("what has come sounds in real time, and not a sample more", () => {
  const playing = receive(beginPlayout(0), { sampleCount: SECOND, isLast: false, atMs: 100 });

  expect(playing.playedMs).toBe(0);
  expect(advance(playing, 500).playedMs).toBe(400);
  expect(advance(playing, 5_000).playedMs).toBe(1_000);
});

test("a loudspeaker that ran dry goes on when more comes, without what it missed", () => {
  const dry = advance(receive(beginPlayout(0), { sampleCount: SECOND, isLast: false, atMs: 0 }), 3_000);
  const again = receive(dry, { sampleCount: SECOND, isLast: true, atMs: 4_000 });

  expect(advance(again, 4_250).playedMs).toBe(1_250);
  expect(hasEnded(advance(again, 4_999))).toBe(false);
  expect(hasEnded(advance(again, 5_000))).toBe(true);
});

test("what is cut keeps only what has sounded", () => {
  const playing = receive(beginPlayout(0), { sampleCount: SECOND, isLast: true, atMs: 0 });

  expect(cut(playing, 250)).toMatchObject({ receivedSamples: 4_000, playedMs: 250 });
  expect(hasEnded(cut(playing, 250))).toBe(true);
});
