import { describe, expect, it } from "vitest";
import { readBuiltinIntents } from "./builtin-intents.fixture.ts";
import { PHRASINGS } from "./intent-phrasings.fixture.ts";
import { parseTemplate } from "./template.ts";
import { areMet, demandsOf } from "./template-demands.ts";
import { matchTemplate } from "./template-match.ts";
import { wordsOf } from "./words.ts";

const book = readBuiltinIntents();
const { vocabulary } = book;
const demanded = (source: string): readonly (readonly string[])[] =>
  demandsOf(parseTemplate(source), vocabulary).map((demand) => [...demand].toSorted());

describe("what a template demands", () => {
  it.each([
    ["stop it now", [["stop"], ["it"], ["now"]]],
    ["(hello|hi there) robot", [["hello", "hi"], ["robot"]]],
    ["[please] say {text}", [["say"]]],
    ["(yes|{text}) sir", [["sir"]]],
    ["volume {level:number}", [["volume"]]],
    ["# percent", [["percent"]]],
  ])("of %j is known", (source, expected) => {
    expect(demanded(source)).toEqual(expected);
  });

  it("is met by whatever the template fits, over all intents and all phrasings", () => {
    const templates = book.intents.flatMap(({ templates: own, also, unless }) => [...own, ...also, ...unless]);
    const lines = Object.values(PHRASINGS)
      .flat()
      .map(([text]) => wordsOf(text).map(({ word }) => word));
    const fitting = lines.flatMap((line) =>
      templates
        .filter((template) => matchTemplate(template, line, vocabulary) !== undefined)
        .map((template) => ({ line, isMet: areMet(demandsOf(template, vocabulary), line) })),
    );

    expect(fitting.length).toBeGreaterThan(100);
    expect(fitting.filter(({ isMet }) => !isMet)).toEqual([]);
  });

  it("leaves few templates to walk for an ordinary sentence", () => {
    const templates = book.intents.flatMap(({ templates: own, also, unless }) => [...own, ...also, ...unless]);
    const left = templates.filter((template) => areMet(demandsOf(template, vocabulary), ["hello", "there"]));

    expect(left.length).toBeLessThan(templates.length / 10);
  });
});
