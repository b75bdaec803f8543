import { expect, test } from "vitest";
import { checkDoors } from "./doors.ts";
import { placesOf, worldOf } from "./world.fixture.ts";

const MANIFEST = {
  "packages/a/package.json": '{ "name": "@ts-tars/a", "exports": { ".": { "ts-tars-source": "./src/index.ts" } } }',
};

test("a door with logic in it is refused, line by line", () => {
  const world = worldOf({
    ...MANIFEST,
    "packages/a/src/index.ts": 'export { b } from "./b.ts";\nexport {};\nconst c = 1;',
  });

  expect(placesOf(checkDoors(world))).toEqual(["packages/a/src/index.ts:3"]);
});

test("an index that no package.json names is refused", () => {
  const world = worldOf({ ...MANIFEST, "packages/a/src/b/index.ts": 'export { b } from "./b.ts";' });

  expect(placesOf(checkDoors(world))).toEqual(["packages/a/src/b/index.ts:1"]);
});

test("a public declaration without a doc comment is refused where it stands, whatever way it leaves by", () => {
  const world = worldOf({
    ...MANIFEST,
    "packages/a/src/index.ts": 'export { b } from "./b.ts";\nexport type { C } from "./b.ts";\nexport * from "./d.ts";',
    "packages/a/src/b.ts": "export const b = 1;\n// A plain comment.\nexport interface C {}\nexport const hidden = 1;",
    "packages/a/src/d.ts": "export function d() {}",
  });

  expect(placesOf(checkDoors(world))).toEqual([
    "packages/a/src/b.ts:1",
    "packages/a/src/b.ts:3",
    "packages/a/src/d.ts:1",
  ]);
});

test("one comment is enough for overloads, and for a schema with its type", () => {
  const world = worldOf({
    ...MANIFEST,
    "packages/a/src/index.ts": 'export { f, Say } from "./f.ts";',
    "packages/a/src/f.ts":
      "/** Speaks. */\nexport function f(a: string): void;\nexport function f(a: number): void;\nexport function f() {}\n" +
      "/** What is said. */\nexport const Say = z.object({});\nexport type Say = z.infer<typeof Say>;",
  });

  expect(checkDoors(world)).toEqual([]);
});
