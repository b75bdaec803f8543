import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Canary } from "./canary.ts";
import { tryCanaries } from "./try-canaries.ts";

test("breaks in a small checkout are told apart, and the checkout stays as it was", async () => {
  using checkout = makeCheckout({
    "packages/sum/package.json": '{ "name": "@ts-tars/sum", "type": "module" }',
    "packages/sum/src/sum.ts": "export const sum = (a: number, b: number): number => a + b;\n",
    "packages/sum/src/sum.test.ts":
      'import { describe, expect, test } from "vitest";\nimport { sum } from "./sum.ts";\n' +
      'test("adds two numbers (integers)", () => { expect(sum(1, 2)).toBe(3); });\n' +
      'describe("zero", () => { test("adds nothing", () => { expect(sum(0, 0)).toBe(0); }); });\n',
  });
  const canary: Canary = {
    name: "minus",
    file: "packages/sum/src/sum.ts",
    find: "a + b",
    replace: "a - b",
    test: "packages/sum/src/sum.test.ts",
    title: "adds two numbers (integers)",
  };

  const verdicts: string[] = [];
  const tried = tryCanaries(checkout.root, [
    canary,
    { ...canary, name: "blind", title: "zero > adds nothing" },
    { ...canary, name: "uncompiled", replace: "String(a)" },
    { ...canary, name: "crash", replace: "JSON.parse('')" },
    { ...canary, name: "unknown", title: "multiplies" },
    { ...canary, name: "nowhere", find: "a * b" },
  ]);
  for await (const { canary: tested, verdict } of tried) {
    verdicts.push(`${tested.name}: ${verdict.kind === "noticed" ? "noticed" : verdict.problem}`);
  }

  expect(verdicts).toEqual([
    "minus: noticed",
    "blind: the test stays green.",
    expect.stringMatching(/^uncompiled: the break does not compile: .*TS2322/),
    expect.stringMatching(/^crash: red, but not by assertion: SyntaxError/),
    expect.stringMatching(/^unknown: the test cannot be run/),
    expect.stringMatching(/^nowhere: .*stands 0 times/),
  ]);
  expect(readFileSync(join(checkout.root, canary.file), "utf8")).toContain("a + b");
});

function makeCheckout(files: Readonly<Record<string, string>>): Disposable & { readonly root: string } {
  const root = mkdtempSync(join(tmpdir(), "ts-tars-small-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const name of [
    "package.json",
    "tsconfig.base.json",
    "tsconfig.tests.json",
    "vitest.config.ts",
    "tools/vitest",
  ]) {
    cpSync(join(process.cwd(), name), join(root, name), { recursive: true });
  }
  // It has no harness, which watches for planted texts.
  const config = join(root, "vitest.config.ts");
  writeFileSync(config, readFileSync(config, "utf8").replace(', "tools/vitest/planted-texts.ts"', ""));
  symlinkSync(join(process.cwd(), "node_modules"), join(root, "node_modules"));
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}
