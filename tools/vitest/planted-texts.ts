/**
 * Set-up of every test file: nothing that its tests print, log, throw, inspect or say to a test's broker may hold a planted
 * secret, and nothing that is logged or retained planted private words (CONTRIBUTING.md, "Planting"). What was looked at is told
 * to the reporter, which sees to it that a whole run has looked at something.
 */
import {
  beginWatching,
  describeLeak,
  inspectNow,
  lookAtErrors,
  type SightCounts,
  suiteWatch,
  watchChildren,
  watchErrors,
  watchLogs,
  watchOutput,
} from "@ts-tars/harness/watch";
import { afterAll, afterEach, expect } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    sightCounts?: SightCounts;
  }
}

// Files of the unit lane share a process, and its hooks.
if (!beginWatching()) {
  watchOutput();
  watchChildren();
  watchLogs();
  watchErrors();
}

afterEach(() => {
  lookAtErrors();
  inspectNow();
});

// biome-ignore lint/correctness/noEmptyPattern: Vitest hands the fixtures over first, and reads the pattern to know which
afterAll(({}, suite) => {
  lookAtErrors();
  inspectNow();
  const { counts, leaks } = suiteWatch().take();
  suite.file.meta.sightCounts = counts;
  expect([...new Set(leaks.map(describeLeak))], "planted texts were seen where they must not be").toEqual([]);
});
