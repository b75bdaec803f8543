import { expect, test } from "vitest";
import { readBuiltinIntents } from "../../services/router/src/builtin-intents.fixture.ts";
import { understand } from "../../services/router/src/intents.ts";
import { QUESTIONS } from "./questions.ts";

test("there are at least 300 different questions of 4 to 12 plain words", () => {
  const lengths = QUESTIONS.map((question) => question.split(" ").length);

  expect(new Set(QUESTIONS).size).toBe(QUESTIONS.length);
  expect(QUESTIONS.length).toBeGreaterThanOrEqual(300);
  expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([4, 12]);
  expect(QUESTIONS.filter((question) => !/^[a-z ]+$/.test(question))).toEqual([]);
});

test("none of them is a command", () => {
  const book = readBuiltinIntents();

  expect(QUESTIONS.filter((question) => understand(question, book) !== undefined)).toEqual([]);
});
