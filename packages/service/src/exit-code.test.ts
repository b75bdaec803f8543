import { StateDirectoryTakenError } from "@ts-tars/mqtt";
import { expect, test } from "vitest";
import { BrokerRefusedError, ConfigurationError, StopDeadlineError } from "./errors.ts";
import { exitCodeOf, isFinal } from "./exit-code.ts";

test.each([
  [new ConfigurationError(["x"]), 78, true],
  [new BrokerRefusedError(new Error("bad password")), 69, true],
  [new StopDeadlineError(9_000), 75, false],
  [new StateDirectoryTakenError({ path: "/state/outbox.db", cause: new Error("database is locked") }), 75, false],
  [new Error("bug"), 70, false],
  ["thrown text", 70, false],
])("%s ends the process with %i; final: %s", (error, code, final) => {
  expect(exitCodeOf(error)).toBe(code);
  expect(isFinal(code)).toBe(final);
});

test("a process that a signal ended may be started again", () => {
  expect(isFinal(null)).toBe(false);
});
