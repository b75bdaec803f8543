import { expect, test } from "vitest";
import { UsageError } from "../comparison/usage.ts";
import { readScaleCommand } from "./command-line.ts";

test("without arguments there are 500 clients, a tenth of them listening, 1 000 messages a second and three kills", () => {
  expect(readScaleCommand([])).toEqual({
    ...{ seed: undefined, clientCount: 500, listenerCount: 50, messagesPerSecond: 1_000, killCount: 3 },
    ...{ victim: "follower", isRecorded: false, json: false },
  });
});

test("the short form is small and on record, and each number of it can be another", () => {
  expect(readScaleCommand(["--short", "--kills", "1", "--seed", "7"])).toMatchObject({
    ...{ seed: 7, clientCount: 20, listenerCount: 5, messagesPerSecond: 100, killCount: 1, isRecorded: true },
  });
});

test.each([
  ["--clients", "2"],
  ["--listeners", "501"],
  ["--rate", "0"],
  ["--kills", "x"],
  ["--victim", "all"],
  ["--nodes", "5"],
])("%s %s is refused in words", (...args) => {
  expect(() => readScaleCommand(args)).toThrow(UsageError);
});
