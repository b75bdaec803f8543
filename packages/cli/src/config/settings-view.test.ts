import { plantedSecret } from "@ts-tars/harness";
import { defineConfig, field, parseConfigFile } from "@ts-tars/service";
import { expect, test } from "vitest";
import { viewSettings } from "./settings-view.ts";

const SECRET = plantedSecret("sunflower");

const parrot = defineConfig({
  name: "parrot",
  prefix: "PARROT",
  fields: {
    url: field.url({ doc: "Where it asks.", default: `http://me:${SECRET}@box/` }),
    apiKey: field.secret({ doc: "Its key." }),
    wakeWords: field.list({ doc: "Its name.", default: ["polly"] }),
    mood: field.text({ doc: "How it feels." }),
  },
});

test("each value is shown with its origin, a secret only as set", () => {
  const { settings } = viewSettings([parrot], { env: { PARROT_API_KEY: SECRET } });

  expect(settings.map(({ key, value, from, origin }) => [key, value, from, origin])).toEqual([
    ["url", "http://me:***@box/", "default", "PARROT_URL"],
    ["api_key", "set", "env", "PARROT_API_KEY"],
    ["wake_words", "polly", "default", "PARROT_WAKE_WORDS"],
    ["mood", undefined, "default", "PARROT_MOOD"],
  ]);
});

test("a section of the file that nobody reads is warned about with the one that was probably meant", () => {
  const { file } = parseConfigFile("parot:\n  mood: wild\n", { path: "/etc/tars.yaml" });

  expect(viewSettings([parrot], { file }).warnings).toEqual([
    '/etc/tars.yaml: "parot" is not a section. Did you mean parrot?',
  ]);
});

test("problems are reported beside the sections that are well", () => {
  const other = defineConfig({ name: "other", prefix: "OTHER", fields: { count: field.int({ doc: "How many." }) } });

  const view = viewSettings([parrot, other], { env: { OTHER_COUNT: "many" } });

  expect(view.problems).toEqual(['OTHER_COUNT is "many": it must be a whole number.']);
  expect(view.settings.every(({ section }) => section === "parrot")).toBe(true);
});
