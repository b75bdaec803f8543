import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hide, NO_THOUGHTS, release, type Thoughts } from "./reasoning.ts";

function say(pieces: readonly string[]): string {
  let thoughts: Thoughts = NO_THOUGHTS;
  let said = "";
  for (const piece of pieces) {
    const [next, text] = hide(thoughts, piece);
    thoughts = next;
    said += text;
  }
  return said + release(thoughts);
}

describe("what a model thinks aloud", () => {
  it.each([
    ["Hello.", "Hello."],
    ["<think>hm, 3 < 5</think>Hello.", "Hello."],
    ["\n <think>\nhm\n</think>\n\nHello.", "\n\nHello."],
    ["<think>one</think><think>two</think>Hello.", "Hello."],
    ["<think>never ends", ""],
    ["</think>Hello.", "Hello."],
    ["Use the tag <think> for it.", "Use the tag <think> for it."],
    ["<thi", "<thi"],
    ["<b>Hello</b>", "<b>Hello</b>"],
    ["", ""],
  ])("is taken out of %j", (written, said) => {
    expect(say([written])).toBe(said);
  });

  it("is taken out however the text is split", () => {
    const fragment = fc.constantFrom("<think>", "</think>", "<", "think>", "</", " ", "\n", "Hello", "hm");
    const text = fc.array(fragment, { maxLength: 12 }).map((fragments) => fragments.join(""));

    fc.assert(
      fc.property(text, (whole) => {
        expect(say([...whole])).toBe(say([whole]));
      }),
      { numRuns: 1_000 },
    );
  });
});
