/** The last words of a test run: why each skipped test was skipped, then `N passed, N failed, N skipped`. */

/** How one test ended. `reason` is what the test said when it skipped itself. */
export interface Outcome {
  readonly title: string;
  readonly state: "passed" | "failed" | "skipped";
  readonly reason: string | undefined;
}

/** Lines to print, the figures last. `brokenFiles` could not be loaded and count as failures; `isFiltered` silences reasons. */
export function summarize(
  outcomes: readonly Outcome[],
  { brokenFiles, isFiltered }: { readonly brokenFiles: number; readonly isFiltered: boolean },
): readonly string[] {
  const count = (state: Outcome["state"]) => outcomes.filter((outcome) => outcome.state === state).length;
  // With a name filter the tests that were not asked for count as skipped, and there is nothing to explain.
  const skips = isFiltered ? [] : outcomes.filter(({ state }) => state === "skipped");
  return [
    ...skips.map(
      ({ title, reason }) => `skipped: ${title}: ${reason ?? "no reason given; use context.skip(…, reason)"}`,
    ),
    `${count("passed")} passed, ${count("failed") + brokenFiles} failed, ${count("skipped")} skipped`,
  ];
}
