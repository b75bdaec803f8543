import { expect, test } from "vitest";
import { checkParity } from "./parity.ts";
import { worldOf } from "./world.fixture.ts";

test("a row without a test and a row with a wrong title are refused by name", () => {
  const world = worldOf({
    "packages/mqtt/src/url.test.ts": 'it("hides the a|b password", () => {});',
    "docs/parity.md": [
      "| reference | test file | title |",
      "|---|---|---|",
      "| password hidden | `packages/mqtt/src/url.test.ts` | hides the a\\|b password |",
      "| bad scheme | `packages/mqtt/src/url.test.ts` | refuses other schemes |",
      "| default port | | |",
    ].join("\n"),
  });

  expect(checkParity(world)).toMatchObject([
    { line: 5, message: expect.stringContaining("default port") },
    { line: 4, message: expect.stringContaining("refuses other schemes") },
  ]);
});
