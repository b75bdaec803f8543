import { expect, test } from "vitest";
import { shownLine } from "./shown-line.ts";

test.each([
  ['{"level":"info","msg":"ready"}', undefined],
  ['{"level":"warn","msg":"not connected"}', undefined],
  ['{"level":"error","msg":"inbox is full","err":{"message":"no engine\\n at x"}}', "inbox is full: no engine"],
  ['{"level":"error","msg":"ended with an error","err":{"message":"no engine"}}', undefined],
  ['{"level":"fatal","msg":"uncaught exception"}', "uncaught exception"],
  ["Segmentation fault", "Segmentation fault"],
  ['{"no":"log"}', '{"no":"log"}'],
  ["  ", undefined],
])("%s is shown as %s", (line, shown) => {
  expect(shownLine(line, "ended with an error")).toBe(shown);
});
