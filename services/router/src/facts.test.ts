import { describe, expect, it } from "vitest";
import { type Circumstances, factsOf } from "./facts.ts";

const AFTERNOON: Circumstances = {
  nowMs: Date.parse("2025-11-22T13:05:30Z"),
  timeZone: "UTC",
  hours: "12",
  robotName: "TARS",
};

describe("the facts of a moment", () => {
  it.each([
    ["UTC", "12", "1:05 PM"],
    ["UTC", "24", "13:05"],
    ["Asia/Kolkata", "12", "6:35 PM"],
    ["Pacific/Kiritimati", "24", "03:05"],
    ["America/New_York", "12", "8:05 AM"],
  ] as const)("hold the time of %s in %s hours", (timeZone, hours, expected) => {
    expect(factsOf({ ...AFTERNOON, timeZone, hours }).time).toBe(expected);
  });

  it.each([
    ["2025-01-01T00:00:00Z", "12", "12:00 AM"],
    ["2025-01-01T12:00:00Z", "12", "12:00 PM"],
    ["2025-01-01T00:07:00Z", "24", "00:07"],
  ] as const)("name midnight and noon (%s, %s hours) rightly", (iso, hours, expected) => {
    expect(factsOf({ ...AFTERNOON, nowMs: Date.parse(iso), hours }).time).toBe(expected);
  });

  it("hold the date of the place, not of Greenwich", () => {
    expect(factsOf({ ...AFTERNOON, timeZone: "Pacific/Kiritimati" }).date).toBe("Sunday, November 23, 2025");
  });

  it("hold the part of the day and the robot's name", () => {
    expect(factsOf({ ...AFTERNOON, robotName: "Otto" })).toMatchObject({ part_of_day: "afternoon", robot: "Otto" });
  });
});
