import { describe, expect, it } from "vitest";
import { dueWords, spokenDuration } from "./timer-words.ts";

const MINUTE_MS = 60_000;
const egg = { name: "egg", reminder: undefined, durationMs: 3 * MINUTE_MS, dueAtMs: 0 };
const plain = { name: undefined, reminder: undefined, durationMs: 90_000, dueAtMs: 0 };
const call = { name: undefined, reminder: "call my mother", durationMs: MINUTE_MS, dueAtMs: 0 };

describe("what a due timer says", () => {
  it.each([
    ["one by its name", [egg], "Your egg timer is done."],
    ["one without a name by its length", [plain], "Your 1 minute 30 second timer is done."],
    ["several at once", [egg, plain], "Your egg timer and your 1 minute 30 second timer are done."],
    ["a reminder", [call], "Reminder: call my mother."],
    ["a reminder among others", [egg, call], "Reminder: call my mother. Your egg timer is done."],
  ])("names %s", (_what, timers, words) => {
    expect(dueWords(timers, 500)).toBe(words);
  });

  it("tells of one that was missed how long ago it was", () => {
    expect(dueWords([egg, call], 12 * MINUTE_MS)).toBe(
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
