import { describe, expect, it } from "vitest";
import { parsePhrase } from "./phrases.ts";
import { MEASURE_PHRASES } from "./slot-types.ts";
import { parseTemplate } from "./template.ts";
import { matchTemplate } from "./template-match.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { wordsOf } from "./words.ts";

const vocabulary: Vocabulary = {
  phrases: new Map([
    ...Object.entries(MEASURE_PHRASES).map(([name, source]) => [name, parsePhrase(source)] as const),
    ["please", parsePhrase("[please|kindly]")],
  ]),
  lists: new Map([
    [
      "side",
      [
        { value: "left", template: parseTemplate("[to the] left") },
        { value: "right", template: parseTemplate("[to the] right") },
      ],
    ],
  ]),
};

/** The slots as a person would list them; undefined when the template does not account for the text. */
function match(template: string, text: string): Readonly<Record<string, string>> | undefined {
  const words = wordsOf(text).map(({ word }) => word);
  const captures = matchTemplate(parseTemplate(template), words, vocabulary);
  return (
    captures &&
    Object.fromEntries(
      captures.map(({ name, from, to, meaning }) => [name, meaning ?? words.slice(from, to).join(" ")]),
    )
  );
}

describe("a template", () => {
  it.each(["", "(a", "a)", "a]", "[a|]", "{Slot}", "a $ b", "(a]", "|a", "<Now>", "{a:}", "{a:b:c}", "<>"])(
    "is refused by name when it is %j",
    (source) => {
      expect(() => parseTemplate(source)).toThrow(SyntaxError);
    },
  );

  it.each([
    ["set [a] timer (for {time}|of {span} [long])", "Set a timer for 5 minutes!", { time: "5 minutes" }],
    ["set [a] timer (for {time}|of {span} [long])", "set timer of two hours long", { span: "two hours" }],
    ["set [a] timer (for {time}|of {span} [long])", "set a timer", undefined],
    ["<please> turn {way:side} {angle:number}", "kindly turn to the left twenty five", { way: "left", angle: "25" }],
    ["<please> turn {way:side} {angle:number}", "turn right 90", { way: "right", angle: "90" }],
    ["turn {way:side}", "turn up", undefined],
    ["wait {time:duration}", "wait an hour and twenty minutes", { time: "4800" }],
    ["wait {time:duration} and {rest}", "wait one hour and twenty minutes and go", { time: "4800", rest: "go" }],
    ["a {name:name} timer", "a very long name of mine timer", undefined],
    ["a {name:name} timer", "a green curry timer", { name: "green curry" }],
    ["(a|a b) c", "a b c", {}],
    ["[a] [a] a", "a a", {}],
    ["# degrees", "90 degrees", {}],
    ["# degrees", "ninety degrees", undefined],
  ])("%j finds in %j what is in it", (template, text, expected) => {
    expect(match(template, text)).toEqual(expected);
  });

  it("with no end of ways to fit is given up", () => {
    const endless = `${"[a] [a] ".repeat(20)} b`;

    expect(match(endless, "a ".repeat(30))).toBeUndefined();
    expect(match(endless, `${"a ".repeat(30)} b`)).toEqual({});
  });

  it("that refers to what does not exist says so", () => {
    expect(() => match("<zebra>", "a")).toThrow("There is no phrase <zebra>.");
    expect(() => match("{a:zebra}", "a")).toThrow(/no type or list "zebra".*side/);
  });
});
