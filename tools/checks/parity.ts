/** docs/parity.md: what the reference client's tests assert, row by row, and the test of ours that asserts it. */
import { type CitedTest, checkCitedTests } from "./cited-tests.ts";
import type { Finding } from "./finding.ts";
import type { World } from "./world.ts";

const RULE = "parity";
const PATH = "docs/parity.md";

interface Row {
  readonly behaviour: string;
  readonly file: string;
  readonly title: string;
  readonly line: number;
}

/** Every row without a test, and every named test that is not there. */
export function checkParity(world: World): readonly Finding[] {
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
