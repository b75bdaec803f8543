import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";
import { type FileSights, summarizeSights } from "./sight-summary.ts";
import { type Outcome, summarize } from "./summary.ts";

/** Prints the summary behind Vitest's own report; a whole run in which the watch for planted texts was blind fails. */
export class SummaryReporter implements Reporter {
  #isFiltered = false;
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
    this.#isFiltered = vitest.config.testNamePattern !== undefined;
  }

  async onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): Promise<void> {
    const outcomes = modules.flatMap((module) => [...module.children.allTests()].map(outcomeOf));
    const brokenFiles =
      modules.filter((module) => module.errors().length > 0).length + (unhandledErrors.length > 0 ? 1 : 0);
    const sights = summarizeSights(modules.map(sightsOf), { isWhole: await this.#isWhole(modules) });
    const lines = summarize(outcomes, {
      brokenFiles: brokenFiles + sights.blindCount,
      isFiltered: this.#isFiltered,
    });
    process.stdout.write(`${[...sights.lines, ...lines].join("\n")}\n`);
    if (sights.blindCount > 0) process.exitCode = 1;
  }

  /** Whether all files of all lanes that were asked for were run, with all of their tests. */
  async #isWhole(modules: readonly TestModule[]): Promise<boolean> {
    const all = await this.#vitest?.globTestSpecifications();
    return !this.#isFiltered && all?.length === modules.length;
  }
}

function sightsOf(module: TestModule): FileSights {
  return { lane: module.project.name, counts: module.meta().sightCounts };
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
