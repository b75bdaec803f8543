import { expect, test } from "vitest";
import { UsageError } from "../comparison/usage.ts";
import { breakRules } from "./breaks/break-rules.ts";
import { readCommand } from "./command-line.ts";

const KNOWN = ["broker-restart", "link-cut"];

test("without arguments all cases run in full on both protocols, unbroken, with a drawn seed", () => {
  expect(readCommand([], KNOWN)).toEqual({
    cases: undefined,
    seed: undefined,
    runs: undefined,
    form: "long",
    protocol: "both",
    breaks: [],
    json: false,
    selfCheck: false,
  });
});

test("everything that is asked for is understood", () => {
  const args = "--case link-cut --seed 7 --runs 20 --protocol 3.1.1 --short --break no-dedupe --json --self-check";

  expect(readCommand(args.split(" "), KNOWN)).toEqual({
    cases: ["link-cut"],
    seed: 7,
    runs: 20,
    form: "short",
    protocol: "3.1.1",
    breaks: ["no-dedupe"],
    json: true,
    selfCheck: true,
  });
});

test("all breaks are every rule there is", () => {
  expect(readCommand(["--break", "all"], KNOWN).breaks).toEqual(Object.keys(breakRules));
});

test.for([
  [["--case", "unheard-of"], /no case "unheard-of".*broker-restart, link-cut/],
  [["--seed", "1.5"], /--seed is "1.5"/],
  [["--seed", "4294967296"], /--seed/],
  [["--runs", "0"], /--runs is "0".*from 1/],
  [["--protocol", "4"], /--protocol 4/],
  [["--break", "everything"], /--break everything is none of ack-early.*all/],
  [["--brake"], /--brake/],
  [["broker-restart"], /broker-restart/],
] as const)("%j is refused, naming what is wrong", ([args, message]) => {
  expect(() => readCommand(args, KNOWN)).toThrow(UsageError);
  expect(() => readCommand(args, KNOWN)).toThrow(message);
});
