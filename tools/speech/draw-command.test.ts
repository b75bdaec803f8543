import { expect, test } from "vitest";
import { readBuiltinIntents } from "../../services/router/src/builtin-intents.fixture.ts";
import { understand } from "../../services/router/src/intents.ts";
import { drawCommands } from "./draw-command.ts";
import { createRandom } from "./random.ts";

const book = readBuiltinIntents();
const commands = drawCommands(book, 600, createRandom("commands"));

test("every intent comes as often as any other, so twice at least among 180", () => {
  const counts = new Map<string, number>();
  for (const { intent } of drawCommands(book, 180, createRandom(5))) counts.set(intent, (counts.get(intent) ?? 0) + 1);

  expect([...counts.keys()].toSorted()).toEqual(book.intents.map(({ name }) => name).toSorted());
  expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(2);
});

test("each sentence means what it is said to mean", () => {
  for (const { text, intent, slots } of commands) expect(understand(text, book)).toMatchObject({ name: intent, slots });
});

test("sentences are varied, and the same for the same seed", () => {
  expect(new Set(commands.map(({ text }) => text)).size).toBeGreaterThan(250);
  expect(drawCommands(book, 600, createRandom("commands"))).toEqual(commands);
});

test("numbers agree with what they count", () => {
  const odd = commands.filter(({ text }) => /\b(one|a) (minutes|steps)\b|\btwo (minute|step)\b(?! timer)/.test(text));

  expect(odd).toEqual([]);
});
