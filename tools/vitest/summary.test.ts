import { expect, test } from "vitest";
import { type Outcome, summarize } from "./summary.ts";

const passed: Outcome = { title: "router answers", state: "passed", reason: undefined };
const skipped: Outcome = { title: "openai speaks", state: "skipped", reason: "OPENAI_API_KEY is not set" };

test("the last line counts passed, failed and skipped tests, a file that could not be loaded as failed", () => {
  const lines = summarize([passed, passed, skipped, { ...passed, state: "failed" }], {
    brokenFiles: 1,
    isFiltered: false,
  });

  expect(lines.at(-1)).toBe("2 passed, 2 failed, 1 skipped");
});

test("every skipped test is listed with its reason", () => {
  const lines = summarize([passed, skipped], { brokenFiles: 0, isFiltered: false });

  expect(lines).toEqual(["skipped: openai speaks: OPENAI_API_KEY is not set", "1 passed, 0 failed, 1 skipped"]);
});

test("a run of chosen tests does not explain those that were not chosen", () => {
  expect(summarize([passed, skipped], { brokenFiles: 0, isFiltered: true })).toEqual(["1 passed, 0 failed, 1 skipped"]);
});
