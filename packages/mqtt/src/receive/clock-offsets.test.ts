import { expect, test } from "vitest";
import { ClockOffsets } from "./clock-offsets.ts";

/** The sender's clock is this far behind ours. */
const BEHIND_MS = 3_600_000;
const TTL_MS = 10_000;

/** Offsets that know one source, heard at `0` on the monotonic clock, with the connection lost a second later. */
function afterLoss({ delaysMs = [20] }: { delaysMs?: readonly number[] } = {}) {
  const offsets = new ClockOffsets();
  for (const delayMs of delaysMs) {
    offsets.heard("tts", { sentAtMs: 1_000_000, arrivedAtMs: 1_000_000 + BEHIND_MS + delayMs, nowMs: 0 });
  }
  offsets.connectionLost(1_000);
  return offsets;
}

/** A message of the backlog that is `ageMs` old by the sender's own clock. */
const aged = (ageMs: number) => ({ sentAtMs: 2_000_000, arrivedAtMs: 2_000_000 + BEHIND_MS + ageMs, ttlMs: TTL_MS });

test("a backlog message is stale when it is older than its time to live by the sender's own clock", () => {
  const offsets = afterLoss();
  offsets.backlogBegan(61_000);

  expect([offsets.isStale("tts", aged(TTL_MS + 21)), offsets.isStale("tts", aged(TTL_MS - 1))]).toEqual([true, false]);
});

test("the smallest difference of a source counts, since the others had waited on the way", () => {
  const offsets = afterLoss({ delaysMs: [900, 20, 500] });
  offsets.backlogBegan(61_000);

  expect(offsets.isStale("tts", aged(TTL_MS + 100))).toBe(true);
});

test("nothing is stale outside a backlog", () => {
  const offsets = afterLoss();
  const before = offsets.isStale("tts", aged(60_000));
  offsets.backlogBegan(61_000);
  offsets.backlogEnded();

  expect([before, offsets.isStale("tts", aged(60_000)), offsets.inBacklog]).toEqual([false, false, false]);
});

test("nothing is stale when we were away no longer than the time to live", () => {
  const offsets = afterLoss();
  offsets.backlogBegan(1_000 + TTL_MS);

  expect(offsets.isStale("tts", aged(60_000))).toBe(false);
});

test("a source that was not heard in the minute before the break does not expire", () => {
  const offsets = new ClockOffsets();
  offsets.heard("tts", { sentAtMs: 0, arrivedAtMs: 20, nowMs: 0 });
  offsets.connectionLost(60_001);
  offsets.backlogBegan(200_000);

  expect(offsets.isStale("tts", { sentAtMs: 0, arrivedAtMs: 999_999, ttlMs: TTL_MS })).toBe(false);
  expect(offsets.isStale("stranger", { sentAtMs: 0, arrivedAtMs: 999_999, ttlMs: TTL_MS })).toBe(false);
});

test("an offset older than a minute is replaced, even by a larger one: the sender's clock was set meanwhile", () => {
  const offsets = new ClockOffsets();
  offsets.heard("tts", { sentAtMs: 1_000_000, arrivedAtMs: 1_000_000, nowMs: 0 });
  offsets.heard("tts", { sentAtMs: 1_000_000, arrivedAtMs: 1_000_000 + BEHIND_MS, nowMs: 60_001 });
  offsets.connectionLost(60_002);
  offsets.backlogBegan(200_000);

  expect(offsets.isStale("tts", aged(1_000))).toBe(false);
});

test("a connection that breaks in the middle of the backlog keeps the offsets and the time of the first break", () => {
  const offsets = afterLoss();
  offsets.backlogBegan(61_000);
  offsets.connectionLost(62_000);
  offsets.backlogBegan(62_500);

  expect(offsets.isStale("tts", aged(TTL_MS + 21))).toBe(true);
});

test("the sources that are remembered are bounded, and the longest unheard is forgotten first", () => {
  const offsets = new ClockOffsets();
  for (let n = 0; n <= 256; n += 1) offsets.heard(`s${n}`, { sentAtMs: 0, arrivedAtMs: 0, nowMs: 0 });
  offsets.connectionLost(1);
  offsets.backlogBegan(100_000);
  const old = { sentAtMs: 0, arrivedAtMs: 60_000, ttlMs: TTL_MS };

  expect([offsets.isStale("s0", old), offsets.isStale("s1", old), offsets.isStale("s256", old)]).toEqual([
    false,
    true,
    true,
  ]);
});
