import { expect, test } from "vitest";
import { checkProcessEdges } from "./process-edges.ts";
import { placesOf, worldOf } from "./world.fixture.ts";

test.for([
  "process.env.HOME;",
  'process["env"];',
  "globalThis.process.env;",
  "const { env } = process;",
  'process.once("SIGTERM", stop);',
  "process.exitCode = 1;",
  'import { env } from "node:process";',
])("a service is refused that contains: %s", (line) => {
  expect(placesOf(checkProcessEdges(worldOf({ "services/router/src/a.ts": line })))).toEqual([
    "services/router/src/a.ts:1",
  ]);
});

test("what only looks at the process is free, and so are the edges and the tests", () => {
  const world = worldOf({
    "packages/mqtt/src/a.ts": "process.hrtime();",
    "packages/service/src/run-service.ts": "process.exitCode = 1;",
    "packages/cli/src/main.ts": "process.env;",
    "services/router/src/a.test.ts": "process.env;",
    "packages/harness/src/a.ts": "process.kill(pid);",
    "packages/mqtt/examples/a.ts": "process.once('SIGTERM', end);",
  });

  expect(checkProcessEdges(world)).toEqual([]);
});
