import { describe, expect, it } from "vitest";
import { faultsOf } from "./packed.ts";

const MANIFEST = { exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } } };
const GOOD = ["package.json", "README.md", "LICENSE", "dist/index.d.ts", "dist/index.js", "src/index.ts"];

describe("a tarball", () => {
  it("is without fault when it holds its doors, its README and its licence", () => {
    expect(faultsOf(GOOD, MANIFEST)).toEqual([]);
  });

  it.each(GOOD.slice(0, -1))("must hold %s", (path) => {
    expect(
      faultsOf(
        GOOD.filter((other) => other !== path),
        MANIFEST,
      ),
    ).toEqual([`${path} is missing`]);
  });

  it.each(["dist/a.test.js", "src/b.fixture.ts", "dist/c.conformance.d.ts", "tsconfig.tsbuildinfo", "examples/d.ts"])(
    "must not hold %s",
    (path) => {
      expect(faultsOf([...GOOD, path], MANIFEST)).toEqual([`${path} must not be in it`]);
    },
  );
});
