import { expect, test } from "vitest";
import { type CoverageReport, judgeCoverage } from "./uncovered.ts";

const CODE = ["const a = 1;", "if (a > 1) {", "  throw new Error();", "}", "b(); c();"];
const at = (line: number) => ({ start: { line } });
const report = (runs: readonly [number, number, number, number, number]): CoverageReport => ({
  "src/a.ts": {
    statementMap: { 0: at(1), 1: at(2), 2: at(3), 3: at(5), 4: at(5) },
    s: Object.fromEntries(runs.map((count, id) => [id, count])),
  },
});
const judge = (runs: Parameters<typeof report>[0], lines: readonly string[] = []) =>
  judgeCoverage(report(runs), {
    leftOut: [{ file: "src/a.ts", lines, why: "It cannot be reached." }],
    codeOf: () => CODE,
  });

test("A line is covered when one of the statements that begin on it ran", () => {
  expect(judge([1, 1, 1, 0, 2])).toEqual({ lineCount: 4, coveredPercent: 100, unexplained: [], outdated: [] });
});

test("A line that no test reached is named with its code", () => {
  const { coveredPercent, unexplained } = judge([1, 1, 0, 1, 1]);

  expect(coveredPercent).toBe(75);
  expect(unexplained).toEqual([{ file: "src/a.ts", line: 3, code: "throw new Error();" }]);
});

test("A line that is left out with a reason is not complained of, and counts as not covered", () => {
  expect(judge([1, 1, 0, 1, 1], ["throw new Error();"])).toMatchObject({
    coveredPercent: 75,
    unexplained: [],
    outdated: [],
  });
});

test("A reason for a line that is reached, or no longer there, is told", () => {
  expect(judge([1, 1, 1, 1, 1], ["throw new Error();", "gone();"]).outdated).toEqual([
    { file: "src/a.ts", code: "throw new Error();" },
    { file: "src/a.ts", code: "gone();" },
  ]);
});
