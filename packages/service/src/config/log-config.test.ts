import { expect, test } from "vitest";
import { parseArgv } from "./argv.ts";
import { parseConfigFile } from "./file.ts";
import { logConfig, logLevelOf, withLogLevel } from "./log-config.ts";
import { readConfig } from "./read.ts";
import { parrotConfig } from "./settings.fixture.ts";
import { renderUsage } from "./usage.ts";

const parrot = withLogLevel(parrotConfig);

function levelOf({
  argv = [],
  env = {},
  text = "",
}: {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly text?: string;
}) {
  const { file } = parseConfigFile(text, { path: "/etc/tars.yaml" });
  const { flags } = parseArgv(argv, [parrot, logConfig]);
  const read = <D extends typeof parrot | typeof logConfig>(definition: D) =>
    readConfig<D["fields"]>(definition, { env, file, flags: flags.get(definition.name) ?? {} });
  return logLevelOf(read(parrot), read(logConfig));
}

test.each([
  ["nothing", {}, "info"],
  ["the level of all", { env: { TARS_LOG_LEVEL: "warn" } }, "warn"],
  ["its own", { env: { PARROT_LOG_LEVEL: "debug" } }, "debug"],
  ["both in one place", { env: { PARROT_LOG_LEVEL: "debug", LOG_LEVEL: "warn" } }, "debug"],
  ["both in the file", { text: "log:\n  level: warn\nparrot:\n  log_level: debug\n" }, "debug"],
  [
    "its own in the file, all in the environment",
    { text: "parrot:\n  log_level: debug\n", env: { LOG_LEVEL: "warn" } },
    "warn",
  ],
  [
    "its own by a flag",
    { argv: ["--log-level", "error"], env: { PARROT_LOG_LEVEL: "debug", LOG_LEVEL: "warn" } },
    "error",
  ],
])("a service with %s logs at that level", (_what, sources, level) => {
  expect(levelOf(sources)).toBe(level);
});

test("--log-level is told once in the help", () => {
  const usage = renderUsage([parrot, logConfig]);

  expect(usage.match(/--log-level /gu)).toHaveLength(1);
  expect(usage).toContain("PARROT_LOG_LEVEL");
});
