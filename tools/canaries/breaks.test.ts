import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bearsTitle, titlesOf } from "../checks/test-titles.ts";
import { readWorld } from "../checks/world.ts";
import { breaks, groups } from "./breaks.ts";
import { applyBreak } from "./canary.ts";

const ROOT = join(import.meta.dirname, "../..");

test("every break has a name of its own", () => {
  const names = breaks.map(({ name }) => name);

  expect(names.filter((name, index) => names.indexOf(name) !== index || !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
});

test.each(breaks.map((canary) => [canary.name, canary] as const))(
  "the break %s is one line of product source that stands there once",
  (_name, canary) => {
    const text = readFileSync(join(ROOT, canary.file), "utf8");

    expect(canary.file).toMatch(/^(packages|services)\/[a-z-]+\/src\/(?!.*\.(test|fixture)\.ts$)/);
    expect(applyBreak(text, canary).split("\n").length).toBe(text.split("\n").length);
  },
);

test("the test beside each break exists under its title", () => {
  const { sources } = readWorld(ROOT);
  const isThere = ({ test: path, title }: (typeof breaks)[number]) =>
    sources.some((source) => source.path === path && titlesOf(source).some((each) => bearsTitle(each, title)));

  expect(breaks.filter((canary) => !isThere(canary)).map(({ name }) => name)).toEqual([]);
});

test("there are at least as many breaks as the project promises, of each kind", () => {
  expect(groups.client.length + groups.services.length).toBeGreaterThanOrEqual(18);
  expect(groups.client.filter(({ file }) => file.startsWith("packages/mqtt/")).length).toBeGreaterThanOrEqual(11);
  expect(groups.loop.length).toBeGreaterThanOrEqual(19);
});
