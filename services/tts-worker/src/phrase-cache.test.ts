import { expect, test } from "vitest";
import { type Phrase, PhraseCache } from "./phrase-cache.ts";

const YES: Phrase = { text: "Yes?", voice: undefined, lang: "en", engine: "espeak-ng", settings: "en-us 140" };
const SECOND = new Int16Array(16_000);

test("a phrase that was spoken before is known", () => {
  const cache = new PhraseCache();
  cache.put(YES, SECOND);

  expect(cache.get({ ...YES })).toBe(SECOND);
});

// Defect 10 of the reference: its cache mixed voices, and kept the old "Yes?" after the voice was changed.
test.each<Partial<Phrase>>([
  { text: "yes?" },
  { voice: "en-gb" },
  { lang: "de" },
  { engine: "flite" },
  { settings: "en-us 200" },
])("another voice, language, engine or setting is another sound (%o)", (difference) => {
  const cache = new PhraseCache();
  cache.put(YES, SECOND);

  expect(cache.get({ ...YES, ...difference })).toBeUndefined();
});

test("what was not spoken for longest is forgotten when there are too many", () => {
  const cache = new PhraseCache({ entriesMax: 2 });
  for (const text of ["a", "b"]) cache.put({ ...YES, text }, SECOND);
  cache.get({ ...YES, text: "a" });

  cache.put({ ...YES, text: "c" }, SECOND);

  expect(["a", "b", "c"].map((text) => cache.get({ ...YES, text }) !== undefined)).toEqual([true, false, true]);
});

test("its memory is bounded, whatever is put into it and how often", () => {
  const cache = new PhraseCache({ bytesMax: 100_000 });
  for (let index = 0; index < 100; index += 1) cache.put({ ...YES, text: `${index % 7}` }, SECOND);

  expect(cache.bytes).toBe(96_000);
  cache.put({ ...YES, text: "too long" }, new Int16Array(60_000));
  expect(cache.get({ ...YES, text: "too long" })).toBeUndefined();
  expect(cache.bytes).toBe(96_000);
});
