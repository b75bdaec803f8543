import { describe, expect, it } from "vitest";
import { readIntentFile } from "./intent-file.ts";
import { parseIntentYaml } from "./intent-files/yaml.ts";
import { understand } from "./intents.ts";

const NOT_BUILT = ["movement", "freeze", "look", "tool"].map((kind) => `  ${kind}: Not yet.`).join("\n");
const HEAD = `not_built:\n${NOT_BUILT}\nphrases:\n  before: "[please]"\n  after: "[please]"\n`;
const HEAD_LINES = HEAD.split("\n").length - 1;

/** What is wrong with a file of this ending, by lines counted from its first. */
function problemsOf(ending: string): readonly string[] {
  const { problems } = readIntentFile(parseIntentYaml(HEAD + ending));
  return problems.map((problem) =>
    problem.replace(/^line (\d+)/, (_all, line: string) => `line ${Number(line) - HEAD_LINES}`),
  );
}

const JOKE =
  'intents:\n  joke:\n    do: answer\n    say: "Ha, {name}."\n    templates:\n      - "tell [me] a joke about {name}"\n';

describe("an intents file", () => {
  it("is read into a book that understands", () => {
    const { book } = readIntentFile(parseIntentYaml(HEAD + JOKE));

    expect(book && understand("Please tell me a joke about Bob", book)).toMatchObject({
      ...{ name: "joke", action: { do: "answer", say: "Ha, {name}." }, slots: { name: "Bob" } },
    });
  });

  it("is refused with every mistake at once, in the order of its lines", () => {
    const problems = problemsOf(
      `lists:
  side: { left: "(left", right: right }
pronunciations:
  tars: tars
intents:
  one:
    do: answer
    say: "{zebra}"
    templates:
      - "go {way:sides}"
      - "[maybe]"
      - "{anything}"
      - "a <zebra>"
  two:
    do: fly
    templates: []
  Three:
    do: stop
  four:
    do: stop
    show: Stopped.
    colour: red
    templates: [halt, "stop)"]
`,
    );

    expect(problems).toEqual([
      expect.stringMatching(/^line 2: lists\.side\.left: "\)" is missing/),
      expect.stringMatching(/^line 4: pronunciations\.tars: must be phones/),
      expect.stringMatching(/^line 6: intents\.one: \{zebra\} is neither a slot of this intent nor one of time, date/),
      expect.stringMatching(
        /^line 10: intents\.one\.templates\.0: There is no type or list "sides".* text, .*, side\.$/,
      ),
      expect.stringMatching(/^line 11: intents\.one\.templates\.1: It has no word that must be said/),
      expect.stringMatching(/^line 12: intents\.one\.templates\.2: It has no word that must be said/),
      expect.stringMatching(/^line 13: intents\.one\.templates\.3: There is no phrase <zebra>/),
      expect.stringMatching(/^line 15: intents\.two\.do: /),
      expect.stringMatching(/^line 16: intents\.two\.templates: /),
      expect.stringMatching(/^line 17: intents\.Three: A name is made of small letters/),
      expect.stringMatching(/^line 17: intents\.Three\.templates: /),
      expect.stringMatching(/^line 17: intents\.Three\.show: /),
      expect.stringMatching(/^line 19: intents\.four: Unrecognized key: "colour"/),
      expect.stringMatching(/^line 23: intents\.four\.templates\.1: Unexpected "\)" in the template/),
    ]);
  });

  it.each([
    ["that is no YAML", "intents: [", /^line \d+: /],
    ["that says a thing twice", `${JOKE}intents: {}\n`, /^line 7: Map keys must be unique/],
    ["with an unknown part", `${JOKE}colour: red\n`, /Unrecognized key: "colour"/],
    ["that is a list", "", /intents: /],
    [
      "whose phrase contains itself",
      `  a: "x <b>"\n  b: "y <a>"\n${JOKE}`,
      /^line 1: phrases\.a: <a> contains itself, by way of a, b\./,
    ],
    ["with a phrase of a built-in name", `  number: "one"\n${JOKE}`, /phrases\.number: <number> is built in/],
    ["with a slot in a phrase", `  a: "x {b}"\n${JOKE}`, /phrases\.a: The slot \{b\} must stand in the template/],
    ["with a slot in a list", `lists:\n  a: { one: "{b}" }\n${JOKE}`, /lists\.a\.one: The slot \{b\} must stand/],
    ["with an unknown phrase in a phrase", `  a: "x <c>"\n${JOKE}`, /There is no phrase <c>/],
    ["with an action that lacks something", JOKE.replace("    say:", "    sya:"), /intents\.joke/],
  ])("%s is refused by name", (_what, ending, expected) => {
    expect(problemsOf(ending).join("\n")).toMatch(expected);
  });

  it("whose courtesies must be said is refused", () => {
    const text = HEAD.replace('before: "[please]"', 'before: "please"') + JOKE;

    expect(readIntentFile(parseIntentYaml(text)).problems).toEqual([
      expect.stringMatching(/phrases\.before: <before> must be optional as a whole/),
    ]);
  });
});
