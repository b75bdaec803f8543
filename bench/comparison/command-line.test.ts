import { describe, expect, test } from "vitest";
import { readCommand } from "./command-line.ts";
import { UsageError } from "./usage.ts";

const known = ["one", "two"];

describe("the command line of a bench", () => {
  test("without arguments runs every case and decides nothing", () => {
    expect(readCommand([], known)).toEqual({
      cases: ["one", "two"],
      seed: undefined,
      check: false,
      quick: false,
      json: false,
      pairs: undefined,
      results: undefined,
    });
  });

  test("takes each of its flags", () => {
    const args = "--case two --seed 7 --check --quick --json --pairs 3 --results kept".split(" ");

    expect(readCommand(args, known)).toEqual({
      cases: ["two"],
      seed: 7,
      check: true,
      quick: true,
      json: true,
      pairs: 3,
      results: "kept",
    });
  });

  test.each([
    ["--case three", 'no case "three"'],
    ["--seed -1", "seed"],
    ["--pairs 0", "--pairs"],
    ["--fast", "--fast"],
  ])("refuses %s and says why", (line, reason) => {
    expect(() => readCommand(line.split(" "), known)).toThrow(UsageError);
    expect(() => readCommand(line.split(" "), known)).toThrow(reason);
  });
});
