import { expect, test } from "vitest";
import { UsageError } from "../comparison/usage.ts";
import { readCommand } from "./command-line.ts";

const KNOWN = ["broker-restart", "link-cut"];

test("without arguments all cases run on both protocols, with a drawn seed", () => {
  expect(readCommand([], KNOWN)).toEqual({
    cases: KNOWN,
    seed: undefined,
    runs: undefined,
    protocols: ["5", "3.1.1"],
    json: false,
    selfCheck: false,
  });
});

test("everything that is asked for is understood", () => {
  const args = "--case link-cut --seed 7 --runs 20 --protocol 3.1.1 --json --self-check".split(" ");

  expect(readCommand(args, KNOWN)).toEqual({
    cases: ["link-cut"],
    seed: 7,
    runs: 20,
    protocols: ["3.1.1"],
    json: true,
    selfCheck: true,
  });
});

test.for([
  [["--case", "unheard-of"], /no case "unheard-of".*broker-restart, link-cut/],
  [["--seed", "1.5"], /--seed is "1.5"/],
  [["--seed", "4294967296"], /--seed/],
  [["--runs", "0"], /--runs is "0".*from 1/],
  [["--protocol", "4"], /--protocol 4/],
  [["--brake"], /--brake/],
  [["broker-restart"], /broker-restart/],
] as const)("%j is refused, naming what is wrong", ([args, message]) => {
  expect(() => readCommand(args, KNOWN)).toThrow(UsageError);
  expect(() => readCommand(args, KNOWN)).toThrow(message);
});
