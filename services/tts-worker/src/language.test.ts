import { expect, test } from "vitest";
import { bestLanguage, normalLanguage } from "./language.ts";

test.each([
  ["en", "en"],
  ["de_DE.UTF-8", "de-de"],
  ["sr_RS@latin", "sr-rs"],
])("a language is written in one way (%s)", (lang, normal) => {
  expect(normalLanguage(lang)).toBe(normal);
});

test.each([
  ["pt-BR", "pt-br"],
  ["de-AT", "de"],
  ["fr", "fr-be"],
  ["xx", undefined],
])("the nearest name that an engine knows is taken (%s)", (lang, best) => {
  expect(bestLanguage(lang, ["de", "pt", "pt-br", "fr-be", "fr-ch"])).toBe(best);
});
