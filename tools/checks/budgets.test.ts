import { expect, test } from "vitest";
import { checkBudgets, describeSizes } from "./budgets.ts";
import { placesOf, worldOf } from "./world.fixture.ts";

const lines = (count: number) => "x;\n".repeat(count);

test("a file of 301 lines is refused, one of 300 and contracts of 400 are not", () => {
  const world = worldOf({
    "services/a/src/a.ts": lines(301),
    "services/a/src/b.ts": lines(300),
    "packages/contracts/src/c.ts": lines(400),
  });

  expect(placesOf(checkBudgets(world))).toEqual(["services/a/src/a.ts:1"]);
});

test("a function of 61 lines is refused, a group of tests may be longer", () => {
  const world = worldOf({
    "a.ts": `\nfunction f() {\n${lines(59)}}`,
    "a.test.ts": `describe.each(table)("router", () => {\n${lines(70)}});`,
    "b.ts": `function f() {\n${lines(58)}}`,
  });

  expect(placesOf(checkBudgets(world))).toEqual(["a.ts:2"]);
});

test("the fifth level is refused, where it begins, callbacks counted", () => {
  const deep = `function f() {
    if (a) {
      list.forEach((x) => {
        for (const y of x) {
          try {
            if (y) {
              while (z) {}
            }
          } catch {}
        }
      });
    }
  }`;

  expect(placesOf(checkBudgets(worldOf({ "a.ts": deep })))).toEqual(["a.ts:6"]);
});

test("a chain of else-ifs and one-line callbacks are not deep", () => {
  const flat = `function f() {
    if (a) {} else if (b) {} else if (c) {} else if (d) {} else if (e) {} else {}
    return list.map((a) => a.map((b) => b.map((c) => c.map((d) => d.map((e) => e)))));
  }`;

  expect(checkBudgets(worldOf({ "a.ts": flat }))).toEqual([]);
});

test("sizes are described by median and 90th percentile of product code", () => {
  const world = worldOf({
    "services/a/src/a.ts": lines(10),
    "services/a/src/b.ts": lines(90),
    "services/a/src/a.test.ts": lines(200),
  });

  expect(describeSizes(world)).toContain("median 10, p90 90 lines");
});
