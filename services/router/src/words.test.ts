import { describe, expect, it } from "vitest";
import { saidInOne, spelledOut, wordsOf } from "./words.ts";

describe("the words of a text", () => {
  it.each([
    ["What’s up?", "what is up"],
    ["I'd like, uh, a twenty-five minute timer.", "i would like uh a twenty five minute timer"],
    ["50%", "50 percent"],
    ["1.5 hours", "1 point 5 hours"],
    ["1,5 hours", "1 point 5 hours"],
    ["1,000 steps", "1000 steps"],
    ["1,000,000", "1000000"],
    ["1:30 minutes", "1 colon 30 minutes"],
    ["5min", "5 min"],
    ["10s", "10 s"],
    ["the 2nd", "the 2nd"],
    ["-5", "minus 5"],
    ["and/or", "and or"],
    ["don't", "dont"],
    ["its", "its"],
    ["…?!", ""],
    ["é à ü", "é à ü"],
  ])("%j are %j", (text, expected) => {
    const words = wordsOf(text).map(({ word }) => word);

    expect(words.join(" ")).toBe(expected);
  });

  it("know where they stand in it, also those made of one", () => {
    const places = wordsOf(" a twenty-five").map(({ word, from, to }) => [word, from, to]);

    expect(places).toEqual([
      ["a", 1, 2],
      ["twenty", 3, 14],
      ["five", 3, 14],
    ]);
  });

  it("are said in one, and spelled with their apostrophe", () => {
    expect([saidInOne("what", "is"), saidInOne("i", "am"), saidInOne("is", "what")]).toEqual([
      "what's",
      "i'm",
      undefined,
    ]);
    expect([spelledOut("todays"), spelledOut("turn")]).toEqual(["today's", "turn"]);
  });
});
