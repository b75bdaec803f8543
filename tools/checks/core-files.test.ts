import { expect, test } from "vitest";
import { checkCoreFiles } from "./core-files.ts";
import { placesOf, worldOf } from "./world.fixture.ts";

const PURE = "/** Decides. Pure: no clock, no bus. */\n";

test.for([
  "setTimeout(f, 1);",
  "const now = Date.now();",
  "const now = new Date();",
  "const dice = Math.random();",
  "const id = crypto.randomUUID();",
  "const later = { setTimeout };",
  "const home = process.cwd();",
  'import { join } from "node:path";',
  'import { pino } from "pino";',
])("a core file is refused that contains: %s", (line) => {
  const world = worldOf({ "services/router/src/core.ts": PURE + line });

  expect(placesOf(checkCoreFiles(world))).toEqual(["services/router/src/core.ts:2"]);
});

test.for([
  "const at = new Date(atMs);",
  "type Timer = typeof setTimeout;",
  "interface Clock { performance: number }",
  "const settings = { process: 1 };",
  "export const f = (process: number) => process + 1;",
  "const wait = timers.setTimeout;",
  'import type { Log } from "pino";',
  'import { z } from "zod";',
  'import { ttsSay } from "@ts-tars/contracts";',
  'import { words } from "./words.ts";',
])("a core file may contain: %s", (line) => {
  const world = worldOf({
    "services/router/src/core.ts": PURE + line,
    "services/router/src/words.ts": "export {};",
  });

  expect(checkCoreFiles(world)).toEqual([]);
});

test("the opening comment may stand below the imports", () => {
  const world = worldOf({ "services/router/src/core.ts": 'import { a } from "node:fs";\n/** Pure. */\nexport {};' });

  expect(placesOf(checkCoreFiles(world))).toEqual(["services/router/src/core.ts:1"]);
});

test("what a core file imports is core as well, at any distance", () => {
  const world = worldOf({
    "services/router/src/core.ts": `${PURE}import { a } from "./a.ts";\nimport type { C } from "./c.ts";`,
    "services/router/src/a.ts": 'export { b } from "./b.ts";',
    "services/router/src/b.ts": "export const b = Date.now();",
    "services/router/src/c.ts": "export const c = Date.now();",
  });

  expect(checkCoreFiles(world)).toMatchObject([
    { path: "services/router/src/b.ts", message: expect.stringContaining("services/router/src/a.ts imports it") },
  ]);
});

test("contracts are core without saying so", () => {
  const world = worldOf({ "packages/contracts/src/stt.ts": "export const at = Date.now();" });

  expect(placesOf(checkCoreFiles(world))).toEqual(["packages/contracts/src/stt.ts:1"]);
});

test("a file that exports step and does not say that it is core is refused", () => {
  const world = worldOf({ "services/router/src/turn.ts": "export function step() {}" });

  expect(placesOf(checkCoreFiles(world))).toEqual(["services/router/src/turn.ts:1"]);
});
