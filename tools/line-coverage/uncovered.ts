/** Which lines no test reached, from a coverage report, and whether each of them is explained. Pure. */

/** The part of istanbul's `coverage-final.json` that is looked at: by file, its statements and how often each ran. */
export type CoverageReport = Readonly<
  Record<
    string,
    {
      readonly statementMap: Readonly<Record<string, { readonly start: { readonly line: number } }>>;
      readonly s: Readonly<Record<string, number>>;
    }
  >
>;

/** A line on which statements begin, none of which ran. */
export interface UncoveredLine {
  /** Relative to the root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The line as it stands there, trimmed. */
  readonly code: string;
}

/** Lines that no test reaches, and why that is all right. */
export interface LeftOut {
  /** Relative to the root. */
  readonly file: string;
  /** The trimmed lines. */
  readonly lines: readonly string[];
  readonly why: string;
}

/** What came of it. */
export interface Verdict {
  readonly lineCount: number;
  /** Percent of the lines on which statements begin. */
  readonly coveredPercent: number;
  readonly unexplained: readonly UncoveredLine[];
  /** Explanations of lines that are gone, or reached by now. */
  readonly outdated: readonly { readonly file: string; readonly code: string }[];
}

/** Judges a report; `codeOf` gives a file's lines. */
export function judgeCoverage(
  report: CoverageReport,
  { leftOut, codeOf }: { readonly leftOut: readonly LeftOut[]; readonly codeOf: (file: string) => readonly string[] },
): Verdict {
  const explained = new Set(leftOut.flatMap(({ file, lines }) => lines.map((code) => keyOf({ file, code }))));
  const uncovered: UncoveredLine[] = [];
  let lineCount = 0;
  for (const [file, { statementMap, s: runs }] of Object.entries(report)) {
    const mostRuns = new Map<number, number>();
    for (const [id, { start }] of Object.entries(statementMap)) {
      mostRuns.set(start.line, Math.max(mostRuns.get(start.line) ?? 0, runs[id] ?? 0));
    }
    lineCount += mostRuns.size;
    const code = codeOf(file);
    for (const [line, count] of mostRuns) {
      if (count === 0) uncovered.push({ file, line, code: code[line - 1]?.trim() ?? "" });
    }
  }
  const found = new Set(uncovered.map(keyOf));
  return {
    lineCount,
    coveredPercent: lineCount === 0 ? 0 : (100 * (lineCount - uncovered.length)) / lineCount,
    unexplained: uncovered.filter((line) => !explained.has(keyOf(line))),
    outdated: leftOut
      .flatMap(({ file, lines }) => lines.map((code) => ({ file, code })))
      .filter((line) => !found.has(keyOf(line))),
  };
}

function keyOf({ file, code }: { readonly file: string; readonly code: string }): string {
  return `${file}\n${code}`;
}
