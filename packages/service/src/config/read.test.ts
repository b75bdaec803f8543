import { plantedSecret } from "@ts-tars/harness";
import { Secret } from "@ts-tars/mqtt";
import { expect, expectTypeOf, test } from "vitest";
import { ConfigurationError } from "../errors.ts";
import { defineConfig } from "./define.ts";
import { field } from "./field.ts";
import { parseConfigFile } from "./file.ts";
import { examineConfig, readConfig, type Sources } from "./read.ts";

const SECRET = plantedSecret("sunflower");

const config = defineConfig({
  name: "parrot",
  prefix: "PARROT",
  fields: {
    greeting: field.text({ doc: "What it says first.", default: "Hello." }),
    serverUrl: field.url({ doc: "Where it asks." }),
    minDelaySec: field.number({ doc: "Shortest wait.", unit: "s", min: 0, max: 60, default: 0.5 }),
    maxDelaySec: field.number({ doc: "Longest wait.", unit: "s", min: 0, max: 60, default: 5 }),
    perches: field.int({ doc: "How many perches.", min: 1, max: 9, required: true, aliases: ["PERCHES"] }),
    isLoud: field.bool({ doc: "Whether it shouts.", default: false }),
    mood: field.choice({ doc: "How it feels.", choices: ["calm", "wild"], default: "calm" }),
    words: field.list({ doc: "What it knows.", default: ["hello"], separator: "|" }),
    apiKey: field.secret({ doc: "Its key.", env: "SEED_API_KEY" }),
  },
  checks: [
    {
      of: ["minDelaySec", "maxDelaySec"],
      problem: ({ minDelaySec, maxDelaySec }) =>
        minDelaySec > maxDelaySec ? "the shortest wait is longer than the longest." : undefined,
    },
  ],
});

const fileOf = (text: string, isReadableByOthers = false) =>
  parseConfigFile(text, { path: "/etc/tars.yaml", isReadableByOthers }).file;

const problemsOf = (sources: Sources) => {
  const examined = examineConfig(config, sources);
  return examined.ok ? [] : examined.problems;
};

const warningsOf = (sources: Sources) => readConfig(config, { ...sources, flags: { perches: "1" } }).warnings;

test("every kind of value is read from the environment", () => {
  const env = {
    PARROT_GREETING: "Ahoy.",
    PARROT_SERVER_URL: "http://localhost:8080/v1",
    PARROT_MIN_DELAY_SEC: "0.25",
    PARROT_PERCHES: "3",
    PARROT_IS_LOUD: "On",
    PARROT_MOOD: "wild",
    PARROT_WORDS: "ahoy| matey |",
    SEED_API_KEY: SECRET,
  };

  const { values } = readConfig(config, { env });

  const { apiKey, ...others } = values;
  expect(others).toEqual({
    greeting: "Ahoy.",
    serverUrl: "http://localhost:8080/v1",
    minDelaySec: 0.25,
    maxDelaySec: 5,
    perches: 3,
    isLoud: true,
    mood: "wild",
    words: ["ahoy", "matey"],
  });
  expect(apiKey?.reveal()).toBe(SECRET);
});

test("types follow from the fields: a default or `required` makes a value certain", () => {
  const { values } = readConfig(config, { env: { PARROT_PERCHES: "1" } });

  expectTypeOf(values.greeting).toEqualTypeOf<string>();
  expectTypeOf(values.serverUrl).toEqualTypeOf<string | undefined>();
  expectTypeOf(values.perches).toEqualTypeOf<number>();
  expectTypeOf(values.mood).toEqualTypeOf<"calm" | "wild">();
  expectTypeOf(values.words).toEqualTypeOf<readonly string[]>();
  expectTypeOf(values.apiKey).toEqualTypeOf<Secret | undefined>();
});

test("a flag wins over the environment, that over the file, that over the default, and each value names its origin", () => {
  const file = fileOf("parrot:\n  perches: 2\n  greeting: from file\n  mood: wild\n");
  const env = { PARROT_PERCHES: "3", PARROT_GREETING: "from env" };
  const flags = { perches: "4" };

  const { values, origins } = readConfig(config, { flags, env, file });

  expect(values).toMatchObject({ perches: 4, greeting: "from env", mood: "wild", isLoud: false });
  expect(origins).toMatchObject({
    perches: { from: "flag", name: "--perches" },
    greeting: { from: "env", name: "PARROT_GREETING" },
    mood: { from: "file", name: "/etc/tars.yaml:4: parrot.mood" },
    isLoud: { from: "default", name: "PARROT_IS_LOUD" },
  });
});

test.each(["", "   "])("an empty variable (%j) counts as unset", (empty) => {
  const file = fileOf("parrot:\n  greeting:\n");

  const { values } = readConfig(config, { env: { PARROT_GREETING: empty, PARROT_PERCHES: "1" }, file });

  expect(values.greeting).toBe("Hello.");
});

test.each(["true", "1", "yes", "on", "TRUE"])("%s is a true boolean", (text) => {
  expect(readConfig(config, { env: { PARROT_IS_LOUD: text, PERCHES: "1" } }).values.isLoud).toBe(true);
});

test.each(["false", "0", "no", "off", "Off"])("%s is a false boolean", (text) => {
  expect(readConfig(config, { env: { PARROT_IS_LOUD: text, PERCHES: "1" } }).values.isLoud).toBe(false);
});

test("all problems are reported at once, each with the full name of its source and what was expected", () => {
  const file = fileOf("parrot:\n  min_delay_sec: soon\n");
  const env = {
    PARROT_SERVER_URL: `ftp://user:${SECRET}@host`,
    PARROT_IS_LOUD: "maybe",
    PARROT_MOOD: "sad",
    PARROT_MAX_DELAY_SEC: "61",
  };

  expect(problemsOf({ env, file })).toEqual([
    'PARROT_SERVER_URL is "ftp://user:***@host": it must be a URL that begins with http:// or https://.',
    '/etc/tars.yaml:2: parrot.min_delay_sec is "soon": it must be a number in 0 … 60 (s).',
    'PARROT_MAX_DELAY_SEC is "61": it must be a number in 0 … 60 (s).',
    "PARROT_PERCHES is not set: How many perches.",
    'PARROT_IS_LOUD is "maybe": it must be true, 1, yes, on, or false, 0, no, off.',
    'PARROT_MOOD is "sad": it must be one of calm, wild.',
  ]);
});

test("readConfig throws the problems as one ConfigurationError", () => {
  const read = () => readConfig(config, { env: { PARROT_PERCHES: "0", PARROT_MOOD: "sad" } });

  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(/2 problems:\n {2}- PARROT_PERCHES.*\n {2}- PARROT_MOOD/u);
});

test.each(["3.5", "0x3", "three", "1e400", "Infinity", "NaN", "10"])("%s is no whole number in 1 … 9", (text) => {
  expect(problemsOf({ env: { PARROT_PERCHES: text } })).toEqual([
    `PARROT_PERCHES is "${text}": it must be a whole number in 1 … 9.`,
  ]);
});

test("settings that contradict each other are a problem that names both sources", () => {
  const file = fileOf("parrot:\n  max_delay_sec: 1\n");

  expect(problemsOf({ env: { PARROT_MIN_DELAY_SEC: "2", PERCHES: "1" }, file })).toEqual([
    "PARROT_MIN_DELAY_SEC, /etc/tars.yaml:2: parrot.max_delay_sec: the shortest wait is longer than the longest.",
  ]);
});

test("a rule over several settings waits until each of them is valid", () => {
  expect(problemsOf({ env: { PARROT_MIN_DELAY_SEC: "99", PARROT_MAX_DELAY_SEC: "1", PERCHES: "1" } })).toEqual([
    'PARROT_MIN_DELAY_SEC is "99": it must be a number in 0 … 60 (s).',
  ]);
});

test("an older name is read too, and loses to the main name with a warning", () => {
  expect(readConfig(config, { env: { PERCHES: "5" } }).origins.perches).toEqual({ from: "env", name: "PERCHES" });

  const both = readConfig(config, { env: { PERCHES: "5", PARROT_PERCHES: "6" } });
  expect(both.values.perches).toBe(6);
  expect(both.warnings).toEqual(["PERCHES is ignored because PARROT_PERCHES is set."]);
});

test("an unknown variable with the prefix is warned about with the name that was probably meant", () => {
  expect(warningsOf({ env: { PARROT_GRETING: "x", PARROT_XYZZY: "y", OTHER: "z" } })).toEqual([
    "PARROT_GRETING is not a setting of parrot. Did you mean PARROT_GREETING?",
    "PARROT_XYZZY is not a setting of parrot.",
  ]);
});

test("an unknown key of the section is warned about with its line; other sections are not ours", () => {
  const file = fileOf("other:\n  anything: 1\nparrot:\n  greetings: hi\n");

  expect(warningsOf({ file })).toEqual([
    '/etc/tars.yaml:4: "greetings" is not a setting of parrot. Did you mean greeting?',
  ]);
});

test("a secret is read from the file that its _FILE variable names, without the line break", () => {
  const readText = (path: string) => (path === "/run/key" ? `${SECRET}\n` : "");

  const { values, origins } = readConfig(config, { env: { SEED_API_KEY_FILE: "/run/key", PERCHES: "1" }, readText });

  expect(values.apiKey?.reveal()).toBe(SECRET);
  expect(origins.apiKey).toEqual({ from: "env", name: "SEED_API_KEY_FILE", path: "/run/key" });
});

test("a secret given both as a value and as a file is a contradiction", () => {
  expect(problemsOf({ env: { SEED_API_KEY: SECRET, SEED_API_KEY_FILE: "/run/key", PERCHES: "1" } })).toEqual([
    "SEED_API_KEY and SEED_API_KEY_FILE are both set: keep one.",
  ]);
});

test("a secret's file that is missing or empty is a problem that names variable and path", () => {
  const readText = (path: string) => {
    if (path === "/run/empty") return "\n";
    throw Object.assign(new Error("no such file"), { code: "ENOENT" });
  };

  expect(problemsOf({ env: { SEED_API_KEY_FILE: "/run/none", PERCHES: "1" }, readText })).toEqual([
    "SEED_API_KEY_FILE names /run/none, which cannot be read (ENOENT).",
  ]);
  expect(problemsOf({ env: { SEED_API_KEY_FILE: "/run/empty", PERCHES: "1" }, readText })).toEqual([
    "SEED_API_KEY_FILE names /run/empty, which is empty.",
  ]);
});

test("no message and no rendering of a configuration holds a secret's value", () => {
  const file = fileOf(`parrot:\n  api_key: [${SECRET}]\n`);
  const { values } = readConfig(config, { env: { SEED_API_KEY: SECRET, PERCHES: "1" } });

  expect(problemsOf({ file, env: { PERCHES: "1" } })).toEqual([
    "/etc/tars.yaml:2: parrot.api_key: it must be one line of text.",
  ]);
  expect(`${values.apiKey}${JSON.stringify(values)}`).not.toContain(SECRET);
  expect(new Secret(SECRET)).not.toHaveProperty("value");
});

test("a file that others may read is warned about when it holds a secret, and only then", () => {
  const secret = fileOf(`parrot:\n  api_key: ${SECRET}\n`, true);
  const harmless = fileOf("parrot:\n  mood: wild\n", true);

  expect(warningsOf({ file: secret })).toEqual([
    "/etc/tars.yaml holds a secret (api_key) and others may read it: chmod 600 /etc/tars.yaml",
  ]);
  expect(warningsOf({ file: harmless })).toEqual([]);
});

test("YAML numbers, booleans and lists need no quotes", () => {
  const file = fileOf("parrot:\n  perches: 7\n  is_loud: yes\n  words: [ahoy, 5]\n  greeting: 42\n");

  expect(readConfig(config, { file }).values).toMatchObject({
    perches: 7,
    isLoud: true,
    words: ["ahoy", "5"],
    greeting: "42",
  });
});
