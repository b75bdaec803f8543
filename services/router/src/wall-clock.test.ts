import { expect, test } from "vitest";
import { wallClock } from "./wall-clock.ts";

test("a pretended moment goes on from where it was set", () => {
  let realMs = 1_000;
  const clock = wallClock({ timeZone: "UTC", fakeNow: "2030-01-01T00:00:00Z" }, () => realMs);
  realMs += 90_000;

  expect(new Date(clock.nowMs()).toISOString()).toBe("2030-01-01T00:01:30.000Z");
});

test("without one, the real moment counts", () => {
  expect(wallClock({ timeZone: undefined, fakeNow: undefined }, () => 42).nowMs()).toBe(42);
});

test.each(["Asia/Tokyo", "Europe/Paris"])("the zone %s is taken as it is", (timeZone) => {
  expect(wallClock({ timeZone, fakeNow: undefined }, () => 0).timeZone).toBe(timeZone);
});

test.each([undefined, ":/etc/localtime", "CET-1CEST,M3.5.0,M10.5.0/3"])(
  "for %s the system's zone counts",
  (timeZone) => {
    const systems = Intl.DateTimeFormat().resolvedOptions().timeZone;

    expect(wallClock({ timeZone, fakeNow: undefined }, () => 0).timeZone).toBe(systems);
  },
);
