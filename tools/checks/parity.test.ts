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

  expect(checkParity(world, {})).toMatchObject([
    { line: 5, message: expect.stringContaining("default port") },
    { line: 4, message: expect.stringContaining("refuses other schemes") },
  ]);
});

const LAMP = "packages/contracts/src/lamp.parity.test.ts";
const lampWorld = (...rows: readonly string[]) =>
  worldOf({
    [LAMP]:
      'const CASES = [["on is read"], ["off is read"]];\ndescribe("the lamp", () => it.for(CASES)("%s", () => {}));',
    "docs/parity.md": rows.map((name) => `| lamp contract: ${name} | \`${LAMP}\` | the lamp > ${name} |`).join("\n"),
  });

test("a group with as many different rows as the reference has cases is whole", () => {
  expect(checkParity(lampWorld("on is read", "off is read"), { "lamp contract": 2 })).toEqual([]);
});

test("a case too few, a case twice and a case that the table does not have are refused by name", () => {
  const messagesOf = (...rows: readonly string[]) =>
    checkParity(lampWorld(...rows), { "lamp contract": 2 }).map(({ message }) => message);

  expect(messagesOf("on is read")).toEqual(['"lamp contract" has 1 rows, and the reference 2 cases.']);
  expect(messagesOf("on is read", "on is read")).toEqual(['"lamp contract: on is read" stands twice.']);
  expect(messagesOf("on is read", "dim is read")).toEqual([`${LAMP} has no case "dim is read".`]);
});
