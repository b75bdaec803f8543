import { readFileSync } from "node:fs";
import { envNames, renderConfigDocs } from "@ts-tars/service";
import { expect, test } from "vitest";
import { SERVICES } from "../services.ts";
import { allDefinitions } from "./all-definitions.ts";

test("docs/config.md is what `tars config --markdown` prints", async () => {
  const written = readFileSync(new URL("../../../../docs/config.md", import.meta.url), "utf8");

  expect(written).toBe(renderConfigDocs(await allDefinitions()));
});

test("no section has two definitions", async () => {
  const definitions = await allDefinitions();
  const sections = definitions.map(({ name }) => name);

  expect(new Set(sections).size).toBe(sections.length);
});

/** Of the system, and of one meaning to all programs. */
const SYSTEM_VARIABLES = new Set(["XDG_STATE_HOME"]);

test("no two settings are read from the same variable, but for the system's own", async () => {
  const names = (await allDefinitions()).flatMap((definition) =>
    Object.entries(definition.fields).flatMap(([key, field]) => envNames(definition, key, field)),
  );

  const own = names.filter((name) => !SYSTEM_VARIABLES.has(name));
  expect(new Set(own).size).toBe(own.length);
});

test.each(SERVICES)("the section of $name is called as the service is on its health topic", async ({ name, load }) => {
  const service = await load();

  expect([service.name, service.config.name]).toEqual([name, name]);
});
