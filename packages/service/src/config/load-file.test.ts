import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { configPath, loadConfigFile } from "./load-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tars-config-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

test("TARS_CONFIG names the file; else it lies in the configuration directory", () => {
  expect(configPath({ TARS_CONFIG: "/etc/tars.yaml", XDG_CONFIG_HOME: "/x" })).toBe("/etc/tars.yaml");
  expect(configPath({ TARS_CONFIG: " ", XDG_CONFIG_HOME: "/x" })).toBe("/x/ts-tars/config.yaml");
  expect(configPath({})).toMatch(/\.config\/ts-tars\/config\.yaml$/u);
});

test("no file at the usual place sets nothing; a file that was named must be there", () => {
  const missing = join(directory, "none.yaml");

  expect(loadConfigFile({ XDG_CONFIG_HOME: directory })).toMatchObject({ problems: [], file: { sections: new Map() } });
  expect(loadConfigFile({ TARS_CONFIG: missing }).problems).toEqual([
    `${missing}: the configuration file cannot be read (ENOENT).`,
  ]);
});

test.each([
  [0o600, false],
  [0o640, true],
  [0o604, true],
])("a file of mode %o may be read by others: %s", (mode, isReadableByOthers) => {
  const path = join(directory, "config.yaml");
  writeFileSync(path, "router:\n  hours: 24\n");
  chmodSync(path, mode);

  expect(loadConfigFile({ TARS_CONFIG: path })).toMatchObject({ problems: [], file: { isReadableByOthers } });
});
