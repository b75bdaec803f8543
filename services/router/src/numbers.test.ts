import { describe, expect, it } from "vitest";
import { readDuration, readNumber } from "./numbers.ts";
import { wordsOf } from "./words.ts";

const words = (text: string): readonly string[] => wordsOf(text).map(({ word }) => word);

describe("a number", () => {
  it.each([
    ["0", 0],
    ["25", 25],
    ["1,000", 1_000],
    ["2.5", 2.5],
    ["zero", 0],
    ["seven", 7],
    ["nineteen", 19],
    ["twenty five", 25],
    ["twenty-five", 25],
    ["ninety nine", 99],
    ["a hundred", 100],
    ["one hundred and twenty", 120],
    ["two hundred five", 205],
    ["three point five", 3.5],
  ])("is read from %j as %d", (text, expected) => {
    expect(readNumber(words(text))).toBe(expected);
  });

  it.each([
    "",
    "twenty twenty",
    "five twenty",
    "hundred",
    "and",
    "twenty ten",
    "point five five",
    "a",
    "zebra",
    "one two",
  ])("is not read from %j", (text) => {
    expect(readNumber(words(text))).toBeUndefined();
  });
});

describe("a length of time", () => {
  it.each([
    ["five minutes", 300],
    ["5 minutes", 300],
    ["5min", 300],
    ["90 s", 90],
    ["a minute", 60],
    ["an hour", 3_600],
    ["1 hour and 20 minutes", 4_800],
    ["one hour twenty minutes", 4_800],
    ["ninety seconds", 90],
    ["half an hour", 1_800],
    ["half a minute", 30],
    ["a half hour", 1_800],
    ["an hour and a half", 5_400],
    ["two hours and a half", 9_000],
    ["one and a half hours", 5_400],
    ["two and a half minutes", 150],
    ["a quarter of an hour", 900],
    ["quarter hour", 900],
    ["three quarters of an hour", 2_700],
    ["an hour and a quarter", 4_500],
    ["1.5 hours", 5_400],
    ["a couple of minutes", 120],
    ["two hours, five minutes and ten seconds", 7_510],
    ["one day", 86_400],
  ])("is read from %j as %d seconds", (text, expected) => {
    expect(readDuration(words(text))).toBe(expected);
  });

  it.each([
    "",
    "five",
    "minutes",
    "half",
    "an hour and",
    "five minutes zebra",
    "1:30 minutes",
    "hour five",
    "a five minutes",
  ])("is not read from %j", (text) => {
    expect(readDuration(words(text))).toBeUndefined();
  });
});
