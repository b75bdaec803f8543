/** Each numbered invariant of ARCHITECTURE.md names at least one test that would fail, and that test exists. */
import { type CitedTest, checkCitedTests } from "./cited-tests.ts";
import type { Finding } from "./finding.ts";
import type { World } from "./world.ts";

const RULE = "invariants";
const PATH = "ARCHITECTURE.md";

/** A numbered paragraph of the section, and the tests its lines `- fails: \`file\` › title` name. */
interface Invariant {
  readonly number: number;
  readonly line: number;
  readonly tests: readonly CitedTest[];
}

/** Every invariant without a test, and every named test that is not there. */
export function checkInvariants(world: World): readonly Finding[] {
  const doc = world.docs.find(({ path }) => path === PATH);
  if (doc === undefined) return [{ path: PATH, line: 1, rule: RULE, message: "ARCHITECTURE.md is missing." }];
  const invariants = invariantsOf(doc.text);
  const untested = invariants.filter(({ tests }) => tests.length === 0);
  return [
    ...(invariants.length === 0 ? [{ path: PATH, line: 1, rule: RULE, message: 'no section "## Invariants".' }] : []),
    ...untested.map(({ number, line }) => ({
      path: PATH,
      line,
      rule: RULE,
      message: `invariant ${number} names no test; add a line "- fails: \`file\` › title".`,
    })),
    ...checkCitedTests(world, { path: PATH, rule: RULE, cited: invariants.flatMap(({ tests }) => tests) }),
  ];
}

function invariantsOf(text: string): readonly Invariant[] {
  const lines = text.split("\n");
  const begin = lines.indexOf("## Invariants");
  if (begin === -1) return [];
  const length = lines.slice(begin + 1).findIndex((line) => line.startsWith("## "));
  const end = length === -1 ? lines.length : begin + 1 + length;
  const starts = lines.flatMap((line, index) => {
    const number = index > begin && index < end ? /^(\d+)\. /.exec(line)?.[1] : undefined;
    return number === undefined ? [] : [{ number: Number(number), index }];
  });
  return starts.map(({ number, index }, position) => ({
    number,
    line: index + 1,
    tests: citedIn(lines.slice(index, starts[position + 1]?.index ?? end), index + 1),
  }));
}

function citedIn(lines: readonly string[], firstLine: number): readonly CitedTest[] {
  return lines.flatMap((text, index) => {
    const [, file, title] = /^\s+- fails: `([^`]+)` › (.+)$/.exec(text) ?? [];
    return file === undefined || title === undefined ? [] : [{ file, title: title.trim(), line: firstLine + index }];
  });
}
