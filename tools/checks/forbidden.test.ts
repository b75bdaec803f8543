import { expect, test } from "vitest";
import { checkForbidden } from "./forbidden.ts";
import { placesOf, worldOf } from "./world.fixture.ts";

test.for([
  "const a: any = 1;",
  "enum A { B }",
  "namespace A {}",
  "const a = <string>b;",
  "export default 1;",
  "// @ts-ignore",
  "// @ts-nocheck",
  "// @ts-expect-error",
  "const a = b as string;",
  "const a = b!;",
  "let a!: string;",
  "const a = b as string; // sure",
  "const a = b as unknown as string;",
])("refused: %s", (line) => {
  expect(placesOf(checkForbidden(worldOf({ "a.ts": line })))).toEqual(["a.ts:1"]);
});

test.for([
  "const a = [1] as const;",
  "const a = b satisfies string;",
  "const a = b as string; // JSON.parse gives any, and the schema has checked it",
  "// Checked by the line above.\nconst a = b!;",
  "const a = f(\n  b,\n) as string; // the parser's own promise",
  "// @ts-expect-error a number is no string",
  'declare module "x" {}',
  "declare global {}",
])("allowed: %s", (text) => {
  expect(checkForbidden(worldOf({ "a.ts": text }))).toEqual([]);
});

test("the configuration of a tool may export default", () => {
  expect(checkForbidden(worldOf({ "vitest.config.ts": "export default 1;" }))).toEqual([]);
});
