import { readFileSync } from "node:fs";
import { renderConfigDocs } from "@ts-tars/service";
import { expect, test } from "vitest";
import { allDefinitions } from "./all-definitions.ts";

test("docs/config.md is what `tars config --markdown` prints", async () => {
  const written = readFileSync(new URL("../../../../docs/config.md", import.meta.url), "utf8");

  expect(written).toBe(renderConfigDocs(await allDefinitions()));
});

test("no two settings are read from the same variable, and no section has two definitions", async () => {
  const definitions = await allDefinitions();
  const sections = definitions.map(({ name }) => name);

  expect(new Set(sections).size).toBe(sections.length);
});
