import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { SLOW_FILES, slowRank } from "./slowest-first.ts";

test("every slow file exists", () => {
  const root = new URL("../../", import.meta.url);

  expect(SLOW_FILES.filter((file) => !existsSync(fileURLToPath(new URL(file, root))))).toEqual([]);
});

test("slow files keep their order, before all others", () => {
  const [slowest = "", second = ""] = SLOW_FILES;

  const sorted = ["/checkout/a.test.ts", `/checkout/${second}`, `/checkout/${slowest}`].toSorted(
    (a, b) => slowRank(a) - slowRank(b),
  );

  expect(sorted).toEqual([`/checkout/${slowest}`, `/checkout/${second}`, "/checkout/a.test.ts"]);
});
