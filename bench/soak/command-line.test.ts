import { describe, expect, test } from "vitest";
import { UsageError } from "../comparison/usage.ts";
import { readSoakCommand } from "./command-line.ts";

const read = (line: string, canBreak = true) => readSoakCommand(line === "" ? [] : line.split(" "), { canBreak });

describe("the command line of an endurance run", () => {
  test("without arguments runs for ten minutes and breaks nothing", () => {
    expect(read("")).toEqual({ minutes: 10, seed: undefined, json: false, broken: undefined, results: undefined });
  });

  test("takes each of its flags", () => {
    expect(read("--hours 1.5 --seed 7 --json --break outbox-bound --results kept")).toEqual({
      minutes: 90,
      seed: 7,
      json: true,
      broken: "outbox-bound",
      results: "kept",
    });
    expect(read("--minutes 0.5").minutes).toBe(0.5);
  });

  test.each(["--minutes 1 --hours 1", "--minutes 0", "--hours x", "--break everything", "--seed 1.5", "--long"])(
    "refuses %s",
    (line) => {
      expect(() => read(line)).toThrow(UsageError);
    },
  );

  test("refuses to break what the run does not have", () => {
    expect(() => read("--break outbox-bound", false)).toThrow("nothing to break");
  });
});
