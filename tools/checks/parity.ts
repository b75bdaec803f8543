/** docs/parity.md: what the reference client's tests assert, row by row, and the test of ours that asserts it. */
import { type CitedTest, checkCitedTests } from "./cited-tests.ts";
import type { Finding } from "./finding.ts";
import type { World } from "./world.ts";

const RULE = "parity";
const PATH = "docs/parity.md";

/** How many cases the reference has of each group, or, of the last four, how many its models were found to assert. */
const CASES: Readonly<Record<string, number>> = {
  "stt contract": 13,
  "tts contract": 16,
  "wake contract": 2,
  "envelope contract": 13,
  "camera contract": 58,
  "movement contract": 49,
  "llm contract": 33,
  "memory contract": 28,
  "character contract": 24,
  "health contract": 10,
};

interface Row {
  readonly behaviour: string;
  readonly file: string;
  readonly title: string;
  readonly line: number;
}

/** Every row without a test, every named test or case that is not there, and every group with too few rows or too many. */
export function checkParity(world: World, cases = CASES): readonly Finding[] {
  const doc = world.docs.find(({ path }) => path === PATH);
  if (doc === undefined) return [{ path: PATH, line: 1, rule: RULE, message: "docs/parity.md is missing." }];
  const rows = rowsOf(doc.text);
  const empty = rows.filter(({ file, title }) => file === "" || title === "");
  const cited: readonly CitedTest[] = rows.filter((row) => !empty.includes(row));
  return [
    ...empty.map(({ behaviour, line }) => ({
      path: PATH,
      line,
      rule: RULE,
      message: `"${behaviour}" names no test; fill in file and title.`,
    })),
    ...checkCitedTests(world, { path: PATH, rule: RULE, cited }),
    ...checkCases(world, cited),
    ...checkGroups(rows, cases),
  ];
}

/** A table fills its title in with anything; so that a row names a case that there is, the words of it stand in the file. */
function checkCases({ sources }: World, cited: readonly CitedTest[]): readonly Finding[] {
  return cited
    .filter(({ file }) => file.endsWith(".parity.test.ts"))
    .flatMap(({ file, title, line }) => {
      const name = JSON.stringify(title.split(" > ").at(-1));
      const isThere = sources.some(({ path, text }) => path === file && text.includes(name));
      return isThere ? [] : [{ path: PATH, line, rule: RULE, message: `${file} has no case ${name}.` }];
    });
}

/** As many rows as cases, and no case twice. */
function checkGroups(rows: readonly Row[], cases: Readonly<Record<string, number>>): readonly Finding[] {
  const counts = Object.entries(cases).flatMap(([group, wanted]) => {
    const own = rows.filter(({ behaviour }) => behaviour.startsWith(`${group}: `));
    const message = `"${group}" has ${own.length} rows, and the reference ${wanted} cases.`;
    return own.length === wanted ? [] : [{ path: PATH, line: own[0]?.line ?? 1, rule: RULE, message }];
  });
  const repeated = rows.filter(({ behaviour }, index) => rows.findIndex((row) => row.behaviour === behaviour) < index);
  return [
    ...counts,
    ...repeated.map(({ behaviour, line }) => ({
      path: PATH,
      line,
      rule: RULE,
      message: `"${behaviour}" stands twice.`,
    })),
  ];
}

/** Table rows of three columns: behaviour, test file in backquotes, title. */
function rowsOf(text: string): readonly Row[] {
  return text.split("\n").flatMap((line, index) => {
    const cells = line.startsWith("|") ? line.split(/(?<!\\)\|/).map((cell) => cell.trim()) : [];
    const [, behaviour = "", file = "", title = ""] = cells;
    const isRow = cells.length === 5 && behaviour !== "reference" && !/^:?-+:?$/.test(behaviour);
    const unquoted = (cell: string) => cell.replaceAll("`", "").replaceAll("\\|", "|");
    return isRow ? [{ behaviour, file: unquoted(file), title: unquoted(title), line: index + 1 }] : [];
  });
}
