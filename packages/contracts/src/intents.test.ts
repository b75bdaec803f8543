import { expect, test } from "vitest";
import { IntentsCurrent } from "./index.ts";

const INTENTS = { boot: "0".repeat(32), version: "1", jsgf: "", words: [] };

test("a grammar and its words have bounds, as whoever builds a recogniser of them has only so much memory", () => {
  const word = { word: "tars", phones: "T AA R Z" };
  const accepts = (change: object): boolean => IntentsCurrent.safeParse({ ...INTENTS, ...change }).success;

  expect([accepts({ jsgf: "x".repeat(200_000) }), accepts({ jsgf: "x".repeat(200_001) })]).toEqual([true, false]);
  expect([accepts({ words: Array(2_000).fill(word) }), accepts({ words: Array(2_001).fill(word) })]).toEqual([
    true,
    false,
  ]);
});
