import { readFileSync } from "node:fs";
import { type IntentBook, readIntentFile } from "./intent-file.ts";
import { parseIntentYaml } from "./intent-files/yaml.ts";
import { BUILTIN_INTENTS } from "./open-intents.ts";

/** The text of the intents file that comes with the router. */
export const BUILTIN_TEXT = readFileSync(BUILTIN_INTENTS, "utf8");

/** The built-in intents; what is wrong with them is thrown. */
export function readBuiltinIntents(): IntentBook {
  const { book, problems } = readIntentFile(parseIntentYaml(BUILTIN_TEXT));
  if (book === undefined) throw new Error(problems.join("\n"));
  return book;
}
