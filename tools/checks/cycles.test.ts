import { expect, test } from "vitest";
import { checkCycles } from "./cycles.ts";
import { worldOf } from "./world.fixture.ts";

test("a cycle through three files is reported once, at the import that closes it", () => {
  const world = worldOf({
    "a.ts": 'import { b } from "./b.ts";',
    "b.ts": 'export * from "./c.ts";',
    "c.ts": '\nimport type { A } from "./a.ts";',
  });

  expect(checkCycles(world)).toMatchObject([
    { path: "c.ts", line: 2, message: expect.stringContaining("a.ts → b.ts → c.ts → a.ts") },
  ]);
});

test("a cycle through the door of a package is found", () => {
  const world = worldOf({
    "packages/mqtt/package.json":
      '{ "name": "@ts-tars/mqtt", "exports": { ".": { "ts-tars-source": "./src/index.ts" } } }',
    "packages/mqtt/src/index.ts": 'export * from "./a.ts";',
    "packages/mqtt/src/a.ts": 'import { b } from "@ts-tars/mqtt";',
  });

  expect(checkCycles(world)).toHaveLength(1);
});

test("two ways to the same file are no cycle", () => {
  const world = worldOf({
    "a.ts": 'import { b } from "./b.ts";\nimport { c } from "./c.ts";',
    "b.ts": 'import { c } from "./c.ts";',
    "c.ts": "export {};",
  });

  expect(checkCycles(world)).toEqual([]);
});
