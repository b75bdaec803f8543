import { describe, expect, it } from "vitest";
import { BUILTIN_INTENTS } from "./builtin-intents.ts";
import { answerTo, type Circumstances } from "./local-answers.ts";

const AFTERNOON: Circumstances = {
  nowMs: Date.parse("2025-11-22T13:05:30Z"),
  timeZone: "UTC",
  hours: "12",
  robotName: "TARS",
};

describe("a local answer", () => {
  it.each([
    ["UTC", "12", "It is 1:05 PM."],
    ["UTC", "24", "It is 13:05."],
    ["Asia/Kolkata", "12", "It is 6:35 PM."],
    ["Pacific/Kiritimati", "24", "It is 03:05."],
    ["America/New_York", "12", "It is 8:05 AM."],
  ] as const)("gives the time of %s in %s hours", (timeZone, hours, expected) => {
    expect(answerTo({ name: "time", slots: {} }, { ...AFTERNOON, timeZone, hours })).toBe(expected);
  });

  it.each([
    ["2025-01-01T00:00:00Z", "12", "It is 12:00 AM."],
    ["2025-01-01T12:00:00Z", "12", "It is 12:00 PM."],
    ["2025-01-01T00:07:00Z", "24", "It is 00:07."],
  ] as const)("names midnight and noon (%s, %s hours) rightly", (iso, hours, expected) => {
    expect(answerTo({ name: "time", slots: {} }, { ...AFTERNOON, nowMs: Date.parse(iso), hours })).toBe(expected);
  });

  it("gives the date of the place, not of Greenwich", () => {
    expect(answerTo({ name: "date", slots: {} }, { ...AFTERNOON, timeZone: "Pacific/Kiritimati" })).toBe(
      "It is Sunday, November 23, 2025.",
    );
  });

  it("greets by the time of day and names itself", () => {
    expect(answerTo({ name: "greeting", slots: {} }, AFTERNOON)).toMatch(/^Good afternoon\./);
    expect(answerTo({ name: "identity", slots: {} }, { ...AFTERNOON, robotName: "Otto" })).toBe(
      "I am Otto, a voice robot.",
    );
  });

  it("says what it was told to say", () => {
    expect(answerTo({ name: "say", slots: { text: "Cheese!" } }, AFTERNOON)).toBe("Cheese!");
  });

  it("exists for every built-in intent, and for nothing else", () => {
    const answers = BUILTIN_INTENTS.map(({ name }) => answerTo({ name, slots: { text: "x" } }, AFTERNOON));

    expect(answers).not.toContain(undefined);
    expect(answerTo({ name: "toString", slots: {} }, AFTERNOON)).toBeUndefined();
  });
});
