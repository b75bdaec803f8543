/** Runs in the page: fetches the examples, and tells what became of them. */

// First of all, before any contract is loaded.
import "./policy.ts";
import { type Example, examine, type Outcome } from "./examine.ts";
import { violations } from "./policy.ts";

/** What the page tells. */
export interface PageReport {
  readonly outcomes: readonly Outcome[];
  readonly violations: readonly string[];
}

const response = await fetch("/examples");
const examples = (await response.json()) as readonly Example[]; // the test beside us has made them
const report: PageReport = { outcomes: examples.map(examine), violations };
await fetch("/report", { method: "POST", body: JSON.stringify(report) });
