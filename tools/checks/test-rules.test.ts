import { expect, test } from "vitest";
import { checkTestRules } from "./test-rules.ts";
import { placesOf, worldOf } from "./world.fixture.ts";

test.for([
  "await new Promise((resolve) => setTimeout(resolve, 50));",
  'import { setTimeout as sleep } from "node:timers/promises";',
  "Atomics.wait(array, 0, 0, 50);",
  'vi.mock("./bus.ts");',
  'test.only("the router answers once", () => {});',
  'describe.skip("the router", () => {});',
  'it.todo("the router answers twice");',
  'it.skipIf(true)("the router answers twice", () => {});',
  "expect(true).toBe(true);",
  'test("it works", () => {});',
])("a test file is refused that contains: %s", (line) => {
  expect(placesOf(checkTestRules(worldOf({ "services/router/src/a.test.ts": line })))).toEqual([
    "services/router/src/a.test.ts:1",
  ]);
});

test.for([
  'context.skip(!hasKey, "OPENAI_API_KEY is not set");',
  "expect(seen).toEqual([]);",
  'test.each(cases)("%s asks for the time", () => {});',
  "const clock = { setTimeout: manual.setTimeout };",
  "vi.fn();",
])("a test file may contain: %s", (line) => {
  expect(checkTestRules(worldOf({ "services/router/src/a.test.ts": line }))).toEqual([]);
});

test("timers stand only in the harness's deadline and the link's scheduler", () => {
  const world = worldOf({
    "packages/harness/src/deadline.ts": "setTimeout(f, 1);",
    "packages/harness/src/link/scheduler.ts": "setTimeout(f, 1);",
    "packages/harness/src/world.ts": "setTimeout(f, 1);",
    "packages/mqtt/src/link/backoff.ts": "setTimeout(f, 1);",
  });

  expect(placesOf(checkTestRules(world))).toEqual(["packages/harness/src/world.ts:1"]);
});
