import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cut, EMPTY_CUTTER, flush } from "./sentences.ts";
import { speakable } from "./speakable.ts";

const CASES: readonly (readonly [what: string, written: string, spoken: string])[] = [
  ["plain text", "It is late.", "It is late."],
  ["bold and italics", "This is **very** *important*.", "This is very important."],
  ["underscores", "This is __very__ _important_.", "This is very important."],
  ["a name with underscores", "Set max_speed now.", "Set max speed now."],
  ["struck text", "It is ~~cold~~ warm.", "It is cold warm."],
  ["a heading", "## The weather", "The weather"],
  ["a bullet", "- two eggs", "two eggs"],
  ["a task", "- [x] wash up", "wash up"],
  ["a quoted line", "> To be.", "To be."],
  ["a rule", "---", ""],
  ["a link", "Read [this book](https://x.org/a_b(c)).", "Read this book."],
  ["a link with a title", 'See [it](https://x.org "The title") now.', "See it now."],
  ["a picture", "![a red cat](cat.png)", "a red cat"],
  ["a footnote", "It is so.[1] And so[^2].", "It is so. And so."],
  ["an address", "See https://www.example.com/a/b?c=d#e for more.", "See example.com for more."],
  ["an address at the end", "See http://example.com:8080/x.", "See example.com."],
  ["an address in angle brackets", "See <https://example.com/x>.", "See example.com."],
  ["an address with a password", "See https://u:p@example.com/x.", "See example.com."],
  ["a www address", "See www.example.com/x, please.", "See example.com, please."],
  ["inline code", "Type `npm start` now.", "Type npm start now."],
  ["a code block", "```js\nlet a = 1;\n```", "The code is on the screen."],
  ["HTML", "One<br>two <b>three</b> &amp; four&nbsp;five.", "One two three and four five."],
  ["emoji", "Done 🎉👍🏽! 👨‍👩‍👧 🇩🇪 ❤️", "Done!"],
  ["a key cap", "Press 1️⃣ now.", "Press 1 now."],
  ["only an emoji", "🎉", ""],
  ["an emoticon", "Nice :-) really ;)", "Nice really"],
  ["a table row", "| Name | Age |", "Name, Age"],
  ["the rule of a table", "|---|:-:|", ""],
  ["a multiplication", "2 * 3 is 6.", "2 times 3 is 6."],
  ["an arrow", "Paris → Rome", "Paris to Rome"],
  ["about", "It takes ~5 minutes.", "It takes about 5 minutes."],
  ["a number sign", "You are #1.", "You are number 1."],
  ["an escaped sign", "It costs \\$5\\*.", "It costs $5."],
  ["a comparison", "if 3 < 5 then", "if 3 5 then"],
  ["a decimal, a time and a sign", "It is 3.5 °C at 3:45 p.m., 20 % sure.", "It is 3.5 °C at 3:45 p.m., 20 % sure."],
  ["other languages", "¿Qué hora es? 今天很好。", "¿Qué hora es? 今天很好。"],
  ["quotes", 'He said "go home."', 'He said "go home."'],
  ["an unpaired asterisk", "Note* well", "Note well"],
  ["nothing but marks", "*** ... ", ""],
];

describe("the speech of a piece of text", () => {
  it.each(CASES)("says %s as a reader would", (_what, written, spoken) => {
    expect(speakable(written)).toBe(spoken);
  });

  it.each(CASES)("leaves the speech of %s as it is", (_what, _written, spoken) => {
    expect(speakable(spoken)).toBe(spoken);
  });

  const fragment = fc.constantFrom(
    ...[
      "Hello",
      "the",
      "e.g",
      "It",
      "5",
      "3.14",
      "好",
      "https://a.b/c_d*e",
      "www.x.org",
      "🎉",
      "👨‍👩‍👧",
      "1️⃣",
      "&amp;",
      "<b>",
      "</b>",
      "<br>",
    ],
    ...[
      ".",
      "!",
      "?",
      "...",
      " ",
      " ",
      " ",
      "\n",
      "\n\n",
      "\n- ",
      "\n# ",
      "\n> ",
      "\n| a | b |\n",
      "\n```js\n",
      "\n```\n",
      "`",
      "**",
      "*",
      "_",
    ],
    ...["~~", "[", "](http://x.y/z)", "]", "(", ")", "![", "[1]", "\\*", ":-)", "→", "#", "~", "|"],
  );
  const text = fc.array(fragment, { maxLength: 50 }).map((fragments) => fragments.join(""));

  it("holds no Markdown, emoji, tag or address, whatever was written", () => {
    fc.assert(
      fc.property(text, (written) => {
        for (const piece of flush({ waiting: written })) {
          expect(speakable(piece)).not.toMatch(/[*`#|<>~\\]|https?:|\]\(|\p{Extended_Pictographic}|\s\s|\n/u);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("is the same for any split of the text", () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(200), { maxLength: 20 }), (whole, cuts) => {
        const places = [0, ...cuts.map((place) => Math.min(place, whole.length)).sort((a, b) => a - b), whole.length];
        let cutter = EMPTY_CUTTER;
        const pieces: string[] = [];
        for (const [index, place] of places.slice(1).entries()) {
          const [next, found] = cut(cutter, whole.slice(places[index], place));
          cutter = next;
          pieces.push(...found);
        }
        const inOne = flush({ waiting: whole });

        expect([...pieces, ...flush(cutter)].map(speakable)).toEqual(inOne.map(speakable));
      }),
      { numRuns: 1_000 },
    );
  });
});
