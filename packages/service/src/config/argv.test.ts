import { plantedSecret } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { parseArgv } from "./argv.ts";
import { defineConfig } from "./define.ts";
import { field } from "./field.ts";

const SECRET = plantedSecret("sunflower");

const parrot = defineConfig({
  name: "parrot",
  prefix: "PARROT",
  fields: {
    greetingText: field.text({ doc: "What it says." }),
    isLoud: field.bool({ doc: "Whether it shouts.", default: false }),
    apiKey: field.secret({ doc: "Its key." }),
  },
});
const mqtt = defineConfig({ name: "mqtt", prefix: "MQTT", fields: { url: field.url({ doc: "The broker." }) } });
const parse = (...argv: string[]) => parseArgv(argv, [parrot, mqtt]);

test("flags take their value from the next word or after an equals sign", () => {
  const { flags, problems } = parse("--greeting-text", "Ahoy there", "--mqtt-url=mqtt://box?a=b");

  expect(problems).toEqual([]);
  expect(flags.get("parrot")).toEqual({ "greeting-text": "Ahoy there" });
  expect(flags.get("mqtt")).toEqual({ url: "mqtt://box?a=b" });
});

test.each([
  ["--is-loud", "true"],
  ["--no-is-loud", "false"],
  ["--is-loud=off", "off"],
])("%s sets a boolean to %s", (flag, value) => {
  expect(parse(flag).flags.get("parrot")).toEqual({ "is-loud": value });
});

test("a secret is named by its file only", () => {
  expect(parse("--api-key-file", "/run/key").flags.get("parrot")).toEqual({ "api-key-file": "/run/key" });
  expect(parse("--api-key", SECRET).problems).toEqual([
    "--api-key: a secret is not given on the command line; name its file with --api-key-file.",
  ]);
});

test("unknown options, stray words and missing values are all reported, none of them with its value", () => {
  expect(parse("stray", `--greting-text=${SECRET}`, "--is-loud", SECRET, "--mqtt-url").problems).toEqual([
    "A word at the beginning belongs to no option.",
    "--greting-text is not an option. Did you mean greeting-text?",
    "A word after --is-loud belongs to no option.",
    "--mqtt-url needs a value.",
  ]);
});
