/** The intents that the robot works with: the user's file, else the one that comes with the router. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Log } from "@ts-tars/mqtt";
import type { Health } from "@ts-tars/service";
import { type Grammar, grammarOf, pronunciationsOf } from "./grammar.ts";
import { type IntentBook, type ReadBook, readIntentFile } from "./intent-file.ts";
import { parseIntentYaml } from "./intent-files/yaml.ts";

/** Beside `src` and `dist` alike. */
export const BUILTIN_INTENTS = new URL("../intents.yaml", import.meta.url);

/** Nobody writes more; what is larger is another file. */
const FILE_CHARS_MAX = 512 * 1_024;
/** Problems told in the health; all of them are in the log. */
const TOLD_MAX = 3;

/** Everything that is made of an intents file. */
export interface Intents {
  readonly book: IntentBook;
  readonly grammar: Grammar;
  /** Changes with every change of the grammar. */
  readonly version: string;
}

export interface IntentsDeps {
  /** The user's own file. */
  readonly path: string | undefined;
  readonly log: Log;
  readonly health: Health;
}

/** Opens the user's file; when something is wrong with it, says so and goes on with the built-in one. */
export async function openIntents({ path, log, health }: IntentsDeps): Promise<Intents> {
  const own = path === undefined ? undefined : await readBook(path);
  if (own?.book !== undefined) return intentsOf(own.book);
  if (own !== undefined) {
    log.error({ path, problems: own.problems }, "the intents file is not usable; the built-in one is used");
    const more = own.problems.length > TOLD_MAX ? ` (and ${own.problems.length - TOLD_MAX} more, see the log)` : "";
    const told = `${own.problems.slice(0, TOLD_MAX).join(" ")}${more}`;
    health.degraded(`ROUTER_INTENTS: ${path} is not usable: ${told}`, "Mend it and start the router again.", "intents");
  }
  const builtin = await readBook(BUILTIN_INTENTS);
  if (builtin.book === undefined) throw new Error(`The built-in intents are broken: ${builtin.problems.join(" ")}`);
  return intentsOf(builtin.book);
}

async function readBook(path: string | URL): Promise<ReadBook> {
  try {
    const text = await readFile(path, "utf8");
    if (text.length > FILE_CHARS_MAX)
      return { book: undefined, problems: [`It is longer than ${FILE_CHARS_MAX} characters.`] };
    return readIntentFile(parseIntentYaml(text));
  } catch (error) {
    return { book: undefined, problems: [error instanceof Error ? `${error.message}.` : String(error)] };
  }
}

function intentsOf(book: IntentBook): Intents {
  const jsgf = grammarOf(book);
  const grammar = { jsgf, words: pronunciationsOf(jsgf, book.pronunciations) };
  const version = createHash("sha256").update(JSON.stringify(grammar)).digest("hex").slice(0, 16);
  return { book, grammar, version };
}
