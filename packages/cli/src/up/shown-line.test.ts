import { expect, test } from "vitest";
import { shownLine } from "./shown-line.ts";

test.each([
  ['{"level":"info","msg":"ready"}', undefined],
  ['{"level":"warn","msg":"not connected"}', undefined],
  [
    '{"level":"error","msg":"ended with an error","err":{"message":"no engine\\n at x"}}',
    "ended with an error: no engine",
  ],
  ['{"level":"fatal","msg":"uncaught exception"}', "uncaught exception"],
  ["Segmentation fault", "Segmentation fault"],
  ['{"no":"log"}', '{"no":"log"}'],
  ["  ", undefined],
])("%s is shown as %s", (line, shown) => {
  expect(shownLine(line)).toBe(shown);
});
