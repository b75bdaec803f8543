import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readBuiltinIntents } from "./builtin-intents.fixture.ts";
import { grammarOf, pronunciationsOf, wordsOfGrammar } from "./grammar.ts";
import { readIntentFile } from "./intent-file.ts";
import { parseIntentYaml } from "./intent-files/yaml.ts";
import { PHRASINGS } from "./intent-phrasings.fixture.ts";

/** Of the Debian package pocketsphinx-en-us. */
const DICTIONARY = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict";

function grammarOfText(yaml: string): string {
  const not = ["movement", "freeze", "look", "tool"].map((kind) => `  ${kind}: No.`).join("\n");
  const { book, problems } = readIntentFile(parseIntentYaml(`not_built:\n${not}\n${yaml}`));
  if (book === undefined) throw new Error(problems.join("\n"));
  return grammarOf(book);
}

const TINY = `
phrases:
  before: { written: "[please|kindly]", spoken: "[please]" }
  after: "[now]"
lists:
  side: { left: left, right: "[to the] right" }
intents:
  turn:
    do: stop
    show: a
    templates: ["turn {way:side} [by # degrees] [for {name}]", "what is todays {name}", "i am (x|{name}|y)", "what is on"]
    also: ["rotate {way:side}"]
  say:
    do: answer
    say: "{text}"
    templates: ["say {text}"]
`;

describe("the grammar", () => {
  it("holds one public rule, phrases in their spoken form, and no words of the speaker's own", () => {
    expect(grammarOfText(TINY)).toBe(
      [
        "#JSGF V1.0;",
        "grammar tars;",
        "public <command> = <before> (<intent_turn>) <after>;",
        "<list_side> = left | [to the] right;",
        "<intent_turn> = turn <list_side> | (i am | i'm) (x | y) | (what is | what's) on;",
        "<before> = [please];",
        "<after> = [now];",
        "",
      ].join("\n"),
    );
  });

  it("of the built-in intents is compact, and leaves only free text out", () => {
    const book = readBuiltinIntents();
    const jsgf = grammarOf(book);

    const missing = book.intents.filter(({ name }) => !jsgf.includes(`<intent_${name}> =`)).map(({ name }) => name);
    expect(missing).toEqual(["say"]);
    expect(jsgf.length).toBeLessThan(10_000);
    expect(wordsOfGrammar(jsgf).length).toBeLessThan(350);
    expect(jsgf).toMatch(/^[\x20-\x7e\n]+$/);
  });

  it("knows the words of most of what people say", () => {
    const words = new Set(wordsOfGrammar(grammarOf(readBuiltinIntents())));

    expect(["set", "timer", "twenty", "what's", "today's", "don't", "tars"].filter((word) => !words.has(word))).toEqual(
      [],
    );
    expect(Object.keys(PHRASINGS).length).toBeGreaterThan(25);
  });

  it("has only words that the recogniser's dictionary holds, or whose sounds the file names", (context) => {
    context.skip(!existsSync(DICTIONARY), `${DICTIONARY} is missing: install pocketsphinx-en-us`);
    const known = new Set(
      readFileSync(DICTIONARY, "utf8")
        .split("\n")
        .map((line) => line.split(" ", 1)[0]),
    );
    const { pronunciations, ...book } = readBuiltinIntents();
    const jsgf = grammarOf(book);
    const named = new Set(pronunciationsOf(jsgf, pronunciations).map(({ word }) => word));

    expect(wordsOfGrammar(jsgf).filter((word) => !known.has(word) && !named.has(word))).toEqual([]);
    expect([...named].filter((word) => known.has(word))).toEqual([]);
  });
});
