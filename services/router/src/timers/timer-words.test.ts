import { describe, expect, it } from "vitest";
import { labelOf, missedWords, spokenDuration } from "./timer-words.ts";

const MINUTE_MS = 60_000;
const egg = { name: "egg", reminder: undefined, durationMs: 3 * MINUTE_MS, dueAtMs: 0 };
const plain = { name: undefined, reminder: undefined, durationMs: 90_000, dueAtMs: 0 };
const call = { name: undefined, reminder: "call my mother", durationMs: MINUTE_MS, dueAtMs: 0 };

describe("a timer", () => {
  it.each([
    ["its name", egg, "the egg timer"],
    ["its length when it has none", plain, "the 1 minute 30 second timer"],
    ["what it reminds of", call, "call my mother"],
  ])("that rings is called by %s", (_what, timer, label) => {
    expect(labelOf(timer)).toBe(label);
  });

  it("that was missed is told with how long ago it was", () => {
    expect(missedWords([egg, call], 12 * MINUTE_MS)).toBe(
      "Your egg timer ended 12 minutes ago, while I was off. I should have reminded you 12 minutes ago, while I was off: call my mother.",
    );
  });
});

describe("a spoken length of time", () => {
  it.each([
    [1_000, "1 second"],
    [200, "1 second"],
    [MINUTE_MS, "1 minute"],
    [90_000, "1 minute and 30 seconds"],
    [3_723_000, "1 hour, 2 minutes and 3 seconds"],
    [2 * 86_400_000, "2 days"],
  ])("of %d ms is %s", (durationMs, words) => {
    expect(spokenDuration(durationMs)).toBe(words);
  });
});
