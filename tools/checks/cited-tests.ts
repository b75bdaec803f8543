/** Documents that name tests: the file exists, and a test in it bears the title. */
import type { Finding } from "./finding.ts";
import { bearsTitle, titlesOf } from "./test-titles.ts";
import type { World } from "./world.ts";

/** A test that a document names. */
export interface CitedTest {
  readonly file: string;
  readonly title: string;
  /** The line of the document. */
  readonly line: number;
}

/** Every cited test that is not there. */
export function checkCitedTests(
  { sources }: World,
  { path, rule, cited }: { readonly path: string; readonly rule: string; readonly cited: readonly CitedTest[] },
): readonly Finding[] {
  return cited.flatMap(({ file, title, line }) => {
    const source = sources.find((candidate) => candidate.path === file);
    if (source === undefined) return [{ path, line, rule, message: `the test file ${file} does not exist.` }];
    const exists = titlesOf(source).some((candidate) => bearsTitle(candidate, title));
    return exists
      ? []
      : [{ path, line, rule, message: `${file} has no test "${title}"; name the one that would fail.` }];
  });
}
