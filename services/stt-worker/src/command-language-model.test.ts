import { expect, test } from "vitest";
import { arpaOf } from "./command-language-model.ts";
import { parseJsgf, wordsOf } from "./jsgf.ts";
import { QUESTION_OPENINGS } from "./question-openings.ts";
import { sampleSentences } from "./sample-grammar.ts";

const GRAMMAR = parseJsgf(`#JSGF V1.0; grammar g;
  public <command> = [please] (<time> | turn (left | right) | (very)+ good | [(quickly)*] stop);
  <time> = what time is it [now];`);

/** The lines of one section, each as `[log10 probability, gram, back-off]`. */
function section(arpa: string, order: number): ReadonlyMap<string, number> {
  const lines = arpa.split(`\\${order}-grams:\n`)[1]?.split("\n\n")[0]?.split("\n") ?? [];
  return new Map(
    lines.map((line) => line.split(" ")).map((parts) => [parts.slice(1, 1 + order).join(" "), Number(parts[0])]),
  );
}

test("sentences of a grammar hold its words only, every alternative, and are the same each time", () => {
  const sentences = sampleSentences(GRAMMAR, 500);

  expect(new Set(sentences.flat())).toEqual(wordsOf(GRAMMAR));
  expect(sampleSentences(GRAMMAR, 500)).toEqual(sentences);
  expect(sentences).toContainEqual(["turn", "left"]);
  expect(sentences).toContainEqual(["please", "turn", "right"]);
  expect(Math.max(...sentences.map(({ length }) => length))).toBeLessThanOrEqual(6);
});

test("the probabilities behind every history sum to what is not left to the other model", () => {
  const arpa = arpaOf(sampleSentences(GRAMMAR, 500));
  const [unigrams, bigrams] = [section(arpa, 1), section(arpa, 2)];
  const behindTurn = [...bigrams].filter(([gram]) => gram.startsWith("turn ")).map(([, log]) => 10 ** log);
  const all = [...unigrams].filter(([word]) => word !== "<s>").map(([, log]) => 10 ** log);

  expect(all.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 2);
  // Nine tenths by what was seen, and of the last tenth what these words have anyway.
  expect(behindTurn.reduce((sum, p) => sum + p, 0)).toBeGreaterThan(0.9);
  expect(behindTurn.reduce((sum, p) => sum + p, 0)).toBeLessThan(0.95);
});

test("the counts in the head are those of the sections", () => {
  const arpa = arpaOf([["stop"], ["turn", "left"]]);

  for (const order of [1, 2, 3]) {
    expect(arpa).toContain(`ngram ${order}=${section(arpa, order).size}\n`);
  }
  expect(arpa.endsWith("\\end\\\n")).toBe(true);
});

test("an opening goes on: nothing is said of what follows it, nor that anything ends there", () => {
  const arpa = arpaOf([["stop"]], [["how", "do", "you"]]);

  expect([...section(arpa, 3).keys()]).toEqual(["<s> stop </s>", "<s> how do", "how do you"]);
  expect(arpa).toMatch(/ do you 0\.0000$/m);
});

test("the openings are questions and requests of at most nine words", () => {
  const openings = sampleSentences(QUESTION_OPENINGS, 2_000);

  expect(new Set(openings.map(([first]) => first)).size).toBeGreaterThan(15);
  expect(Math.max(...openings.map(({ length }) => length))).toBeLessThanOrEqual(9);
});
