import { plantedSecret } from "@ts-tars/harness";
import { Secret } from "@ts-tars/mqtt";
import { expect, test } from "vitest";
import { parseConfigFile } from "./file.ts";
import { logConfig } from "./log-config.ts";
import { readConfig, readFields } from "./read.ts";
import { parrotConfig } from "./settings.fixture.ts";
import { currentOf, schemaOf } from "./show-settings.ts";

const SECRET = plantedSecret("sunflower");

const PARROT = { definition: parrotConfig, isShared: false };
const LOG = { definition: logConfig, isShared: true };
const fileOf = (text: string) => parseConfigFile(text, { path: "/etc/tars.yaml" }).file;

test("the schema says of each setting its kind, bounds, default, meaning, unit, and when a change takes effect", () => {
  const { properties, required } = schemaOf([PARROT, LOG]);

  const plain = { writeOnly: false, readOnly: false, live: false };
  expect(properties).toMatchObject({
    greeting: { type: "string", description: "What it says first.", default: "Hello.", ...plain, live: true },
    server_url: { type: "string", description: "Where it asks.", ...plain },
    max_delay_sec: { type: "number", minimum: 0, maximum: 60, default: 5, unit: "s", ...plain },
    perches: { type: "integer", minimum: 1, maximum: 9, default: 3, ...plain, live: true },
    is_loud: { type: "boolean", default: false, ...plain, live: true },
    mood: { type: "string", enum: ["calm", "wild"], default: "calm", ...plain },
    words: { type: "array", items: { type: "string" }, default: ["hello"], ...plain },
    api_key: { type: "string", ...plain, writeOnly: true },
    "log.level": { type: "string", default: "info", ...plain, readOnly: true },
  });
  expect(required).toEqual([]);
});

test("each value is told with where it comes from; a secret as set, a URL without its password", () => {
  const { values, origins } = readConfig(parrotConfig, {
    file: fileOf("parrot:\n  words: [ahoy, matey]\n  api_key_file: /run/key\n"),
    env: { PARROT_PERCHES: "4", PARROT_SERVER_URL: `http://me:${SECRET}@box/` },
    flags: { "is-loud": "true" },
    readText: () => SECRET,
  });

  const current = currentOf(PARROT, { values, origins });

  expect(current).toEqual({
    greeting: { value: "Hello.", from: "default" },
    server_url: { value: "http://me:***@box/", from: "env", where: "PARROT_SERVER_URL" },
    min_delay_sec: { value: 0.5, from: "default" },
    max_delay_sec: { value: 5, from: "default" },
    perches: { value: 4, from: "env", where: "PARROT_PERCHES" },
    is_loud: { value: true, from: "flag", where: "--is-loud" },
    mood: { value: "calm", from: "default" },
    words: { value: ["ahoy", "matey"], from: "file", where: "parrot.words" },
    api_key: { value: "set", from: "file", where: "parrot.api_key_file" },
  });
});

test("what is saved and not in effect is pending; what will be unset has no value; what cannot be read is not told", () => {
  const { origins } = readConfig(parrotConfig, {});
  const values = { ...readConfig(parrotConfig, {}).values, apiKey: new Secret(SECRET), serverUrl: "http://box/" };
  const file = fileOf("parrot:\n  api_key: rose\n  mood: wild\n  perches: many\n  max_delay_sec: 5.0\n");

  const current = currentOf(PARROT, { values, origins, saved: readFields(parrotConfig, { file }) });

  const pending = Object.entries(current).flatMap(([key, setting]) =>
    setting.pending === undefined ? [] : [[key, setting.pending]],
  );
  expect(Object.fromEntries(pending)).toEqual({
    api_key: { value: "set" },
    server_url: {},
    mood: { value: "wild" },
  });
});
