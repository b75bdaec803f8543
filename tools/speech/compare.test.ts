import fc from "fast-check";
import { expect, test } from "vitest";
import { editDistance, exactRatio, wordErrorRatio } from "./compare.ts";

const heard = (said: string, as: string) => ({ said: said.split(" "), heard: as === "" ? [] : as.split(" ") });

test.each([
  ["", "", 0],
  ["kitten", "sitting", 3],
  ["abc", "", 3],
  ["", "ab", 2],
  ["flaw", "lawn", 2],
])("from %j to %j it takes %i edits", (from, to, distance) => {
  expect(editDistance([...from], [...to])).toBe(distance);
});

test("a distance is the same both ways, at most the longer length, and obeys the triangle", () => {
  const words = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 });
  fc.assert(
    fc.property(words, words, words, (a, b, c) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
    }),
  );
});

test("word errors are weighted by words, exactness by sentences", () => {
  const sentences = [heard("what time is it", "what time is it"), heard("no", "know"), heard("yes please", "")];

  expect(wordErrorRatio(sentences)).toBeCloseTo(3 / 7);
  expect(exactRatio(sentences)).toBeCloseTo(1 / 3);
});

test("nothing said has no errors", () => {
  expect(wordErrorRatio([])).toBe(0);
  expect(exactRatio([])).toBe(0);
});
