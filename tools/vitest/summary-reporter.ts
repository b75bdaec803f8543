import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";
import { type Outcome, summarize } from "./summary.ts";

/** Prints the summary behind Vitest's own report. */
export class SummaryReporter implements Reporter {
  #isFiltered = false;

  onInit(vitest: Vitest): void {
    this.#isFiltered = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const outcomes = modules.flatMap((module) => [...module.children.allTests()].map(outcomeOf));
    const brokenFiles =
      modules.filter((module) => module.errors().length > 0).length + (unhandledErrors.length > 0 ? 1 : 0);
    const lines = summarize(outcomes, { brokenFiles, isFiltered: this.#isFiltered });
    process.stdout.write(`${lines.join("\n")}\n`);
  }
}

function outcomeOf(test: TestCase): Outcome {
  const result = test.result();
  return {
    title: test.fullName,
    // A test still pending when the run ends was never finished: that is a failure, whatever stopped the run.
    state: result.state === "pending" ? "failed" : result.state,
    reason: result.state === "skipped" ? result.note : undefined,
  };
}
