import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cutter, cut, cutAtPause, EMPTY_CUTTER, flush } from "./sentences.ts";

/** Cuts a text that arrives in these chunks. */
function cutChunks(chunks: readonly string[]): readonly string[] {
  let cutter: Cutter = EMPTY_CUTTER;
  const sentences: string[] = [];
  for (const chunk of chunks) {
    const [next, found] = cut(cutter, chunk);
    cutter = next;
    sentences.push(...found);
  }
  return [...sentences, ...flush(cutter)];
}

/** `|` marks where the text is cut. */
const CASES: readonly (readonly [what: string, text: string])[] = [
  ["two plain sentences", "It is late. |Go to bed."],
  ["a question and an answer", "Are you there? |Yes."],
  ["an exclamation", "Watch out! |The step is loose."],
  ["marks in a row", "What?! |No way!!! |Really?"],
  ["a lower-case word after a question mark", "What? |no idea."],
  ["a decimal", "It costs 3.14 dollars. |That is cheap."],
  ["a decimal at the start", "3.5 litres are enough. |Take 2.25."],
  ["a thousands separator", "Rome had 1.000.000 people. |It shrank."],
  ["a version number", "Use version 2.0.11 of it. |It is stable."],
  ["an IP address", "Ping 192.168.1.1 first. |Then call me."],
  ["a time", "Meet me at 3:45 p.m. on Monday. |Bring cake."],
  ["a time that ends the sentence", "It closes at 5 p.m. |The bar stays open."],
  ["a time with full stops inside", "The train leaves at 14.35 from track 3. |Hurry."],
  ["a title before a name", "Dr. Smith is in. |Mrs. Jones is not."],
  ["several titles", "I met Prof. Dr. Meier and Lt. Col. Ray. |Both smiled."],
  ["a saint and a street", "St. Paul stands on Mt. Olympus. |It is cold."],
  ["an initial in a name", "John F. Kennedy was president. |He died in 1963."],
  ["two initials", "J. R. R. Tolkien wrote it. |I read it."],
  ["an initial that ends the sentence", "Take vitamin C. |It helps."],
  ["the word I at the end", "Nobody is taller than I. |You are small."],
  ["an acronym before a noun", "The U.S. Army came. |It left."],
  ["an acronym that ends the sentence", "He lives in the U.S. |She does not."],
  ["for example", "Eat fruit, e.g. Apples. |Or i.e. Pears."],
  ["versus", "It was Red vs. Blue. |Blue won."],
  ["et cetera in the middle", "Bring cups, plates, etc. and spoons. |Thanks."],
  ["et cetera at the end", "Bring cups, plates, etc. |We have spoons."],
  ["a company", "Acme Inc. makes rockets. |They explode."],
  ["an abbreviated number", "See No. 5 on the list. |Skip it."],
  ["the answer no", "The answer is no. |Ask again."],
  ["an abbreviated month", "It was Jan. 5 back then. |We froze."],
  ["a year at the end", "I was built in 1990. |Nobody noticed."],
  ["a number at the end and a number after it", "You need 5. |10 would be too many."],
  ["an ellipsis in the middle", "Well... maybe tomorrow. |Or never."],
  ["an ellipsis at the end", "I wonder... |Never mind."],
  ["an ellipsis character in the middle", "Well… maybe. |Fine."],
  ["an ellipsis character at the end", "I forgot… |Sorry."],
  ["a quoted sentence", 'She said "Go home." |He went.'],
  ["a quotation that goes on", '"Stop!" she said. |Nobody did.'],
  ["a quoted question that goes on", "“Who is there?” he asked. |Silence."],
  ["curly quotes at the end", "It is called “home.” |We like it."],
  ["single quotes", "He wrote 'done.' |It was not."],
  ["guillemets", "Il dit « Bonjour. » |Elle sourit."],
  ["a bracketed remark", "It works (most of the time. Really. Well, often.) today. |Fine."],
  ["a bracket at the end", "It works (mostly). |Fine."],
  ["a bracket that never closes near a smiley", "Nice :( but true. |Sorry."],
  ["a URL", "See https://example.com/a.b?c=d.e for more. |Bye."],
  ["a URL at the end", "See https://example.com/path. |Bye."],
  ["a bare host name", "Visit example.com today. |It is free."],
  ["an e-mail address", "Write to a.b@example.org. |I answer."],
  ["a file name", "Open notes.txt now. |Save it."],
  ["a missing space", "One.Two are glued. |Three is not."],
  ["inline code", "Type `a. B` here. |Then wait."],
  ["a Markdown link", "Read [the book. It is good](https://x.org). |Enjoy."],
  ["bold at the end", "This is **important.** |Listen."],
  ["a numbered list", "1. Boil water. |2. Add tea."],
  ["a numbered list in lines", "First do this:\n|1. Boil water\n|2. Add tea\n|\nDone."],
  ["a bullet list", "You need:\n|- eggs\n|- milk. |Fresh.\n|* flour"],
  ["a heading", "# Weather\n|It rains."],
  ["paragraphs without a full stop", "One thought\n\n|another thought"],
  ["a line break inside a sentence", "This line goes\non here. |Then stops."],
  ["a code block", "Look:\n|```js\nlet a = 1. B();\n\nfoo();\n```\n|That is it."],
  ["a code block that never closes", "```\na. B\n\nc"],
  ["a quoted line", "> To be. |Or not."],
  ["Chinese", "你好。|今天天气很好！|你呢？|好"],
  ["Japanese with quotes", "「行こう。」|と言った。|はい。"],
  ["Arabic", "كيف حالك؟ |أنا بخير."],
  ["Hindi", "नमस्ते। |आप कैसे हैं?"],
  ["Spanish", "¿Qué hora es? |¡Son las tres! |Vamos."],
  ["French spacing", "Ça va ? |Oui ! |Bien."],
  ["a German date", "Am 3. Mai regnet es. |Danach nicht."],
  ["German abbreviations", "Das ist z.B. gut. |Sonst nicht."],
  ["Greek", "Είσαι εδώ; |Ναι."],
  ["an emoji after the full stop", "Done. |🎉 Party!"],
  ["nothing but white space", "  \n "],
  ["no mark at all", "just words"],
];

describe("the sentence cutter", () => {
  it.each(CASES)("cuts %s where a reader would", (_what, marked) => {
    const pieces = marked.split("|").map((piece) => piece.trim());

    expect(cutChunks([marked.replaceAll("|", "")])).toEqual(pieces.filter((piece) => piece !== ""));
  });

  it("keeps the rows of a table whole", () => {
    const table = "| Dr. Who | Very. Good |\n|---|---|\nDone.";

    expect(cutChunks([table])).toEqual(["| Dr. Who | Very. Good |", "|---|---|", "Done."]);
  });

  it("has at least sixty cases in its table", () => {
    expect(CASES.length).toBeGreaterThanOrEqual(60);
  });

  it.each(CASES)("cuts %s alike when it comes character by character", (_what, marked) => {
    const text = marked.replaceAll("|", "");

    expect(cutChunks([...text])).toEqual(cutChunks([text]));
  });

  it("gives the same sentences for any split of any text", () => {
    const fragment = fc.constantFrom(
      ...[
        "Hello",
        "the",
        "U.S",
        "p.m",
        "Dr",
        "e.g",
        "I",
        "C",
        "The",
        "Mai",
        "https://a.b/c",
        "3",
        "14",
        "no",
        "😀",
        "𝒶",
        "好",
        "\u0301",
      ],
      ...[
        ".",
        ".",
        ".",
        "!",
        "?",
        "…",
        "...",
        "。",
        "؟",
        ";",
        " ",
        " ",
        " ",
        " ",
        "\n",
        "\n\n",
        "\n- ",
        "\n1. ",
        "\n# ",
        "\n```\n",
        "`",
      ],
      ...["(", ")", "[", "]", '"', "”", "«", "*", "_", "~", "|", ">"],
    );
    const text = fc.array(fragment, { maxLength: 60 }).map((fragments) => fragments.join(""));

    fc.assert(
      fc.property(text, fc.array(fc.nat(200), { maxLength: 20 }), (whole, cuts) => {
        const places = [0, ...cuts.map((place) => Math.min(place, whole.length)).sort((a, b) => a - b), whole.length];
        const chunks = places.slice(1).map((place, index) => whole.slice(places[index], place));
        expect(cutChunks(chunks)).toEqual(cutChunks([whole]));
      }),
      { numRuns: 2_000 },
    );
  });

  it("loses nothing but white space", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (whole) => {
        expect(cutChunks([whole]).join("").replace(/\s/g, "")).toBe(whole.replace(/\s/g, ""));
      }),
    );
  });

  it("does not wait for ever for the end of a sentence that has none", () => {
    const [cutter, sentences] = cut(EMPTY_CUTTER, "word ".repeat(1_000));

    expect(sentences.length).toBeGreaterThan(3);
    expect(cutter.waiting.length).toBeLessThanOrEqual(1_000);
  });

  it("gives a sentence away while the next word is still being written", () => {
    const [, sentences] = cut(EMPTY_CUTTER, "It is late. T");

    expect(sentences).toEqual(["It is late."]);
  });
});

describe("the cutter at a pause of the writer", () => {
  it.each(["It is late.", "Are you there?", 'He said "no."', "It is late. "])(
    "gives away the finished sentence %j",
    (text) => {
      const [waiting] = cut(EMPTY_CUTTER, text);

      expect(cutAtPause(waiting)).toEqual([EMPTY_CUTTER, [text.trim()]]);
    },
  );

  it.each(["It costs 3.", "See Dr.", "He lives in the U.S.", "It is", "J.", "Well (it is.", ""])(
    "keeps %j, which may go on",
    (text) => {
      const [waiting] = cut(EMPTY_CUTTER, text);

      expect(cutAtPause(waiting)).toEqual([waiting, []]);
    },
  );
});
