import { expect, test } from "vitest";
import { checkErrorCodes } from "./error-codes.ts";
import { placesOf, worldOf } from "./world.fixture.ts";

const DOCUMENT = "docs/errors.md";
const FULL = 'export class FullError extends Error {\n  readonly code = "BOX_FULL";\n  readonly retryable = true;\n}\n';
const ROW = "| `BOX_FULL` | `FullError` | yes | Wait. |\n";

test("errors and the document that tell the same are accepted", () => {
  const late = FULL.replaceAll("Full", "Late").replace("FULL", "LATE").replace(" = true", ": boolean");
  const row = "| `BOX_LATE` | `LateError` | depends | Ask. |\n";

  expect(checkErrorCodes(worldOf({ "packages/box/src/errors.ts": FULL + late, [DOCUMENT]: ROW + row }))).toEqual([]);
});

test("a code that the document does not know is refused where it is declared", () => {
  const world = worldOf({ "packages/box/src/errors.ts": `\n${FULL}`, [DOCUMENT]: "" });

  expect(placesOf(checkErrorCodes(world))).toEqual(["packages/box/src/errors.ts:2"]);
});

test.each([
  ["of a code that nothing has", ROW.replace("BOX_FULL", "BOX_GONE") + ROW, 1],
  ["with another class", ROW.replace("FullError", "EmptyError"), 1],
  ["with another answer to whether trying again helps", ROW.replace("yes", "no"), 1],
  ["that stands there twice", ROW + ROW, 2],
])("a row %s is refused", (_what, document, line) => {
  const world = worldOf({ "packages/box/src/errors.ts": FULL, [DOCUMENT]: document });

  expect(placesOf(checkErrorCodes(world))).toEqual([`${DOCUMENT}:${line}`]);
});

test("a code of two classes is refused", () => {
  const world = worldOf({ "packages/a/src/a.ts": FULL, "services/b/src/b.ts": FULL, [DOCUMENT]: ROW });

  expect(placesOf(checkErrorCodes(world))).toEqual(["services/b/src/b.ts:1"]);
});

test("classes of tests, and codes that are no codes of ours, are left alone", () => {
  const world = worldOf({
    "packages/a/src/a.test.ts": FULL,
    "services/b/src/b.ts": FULL.replace("BOX_FULL", "unreachable"),
    [DOCUMENT]: "",
  });

  expect(checkErrorCodes(world)).toEqual([]);
});
