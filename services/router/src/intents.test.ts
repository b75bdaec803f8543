import { describe, expect, it } from "vitest";
import { readBuiltinIntents } from "./builtin-intents.fixture.ts";
import { PHRASINGS } from "./intent-phrasings.fixture.ts";
import { BASE_TRAPS, NEAR_MISSES } from "./intent-traps.fixture.ts";
import { understand } from "./intents.ts";

const book = readBuiltinIntents();
const names = book.intents.map(({ name }) => name);
/** What takes any words is still that with more of them. */
const isOpen = (slots: Readonly<Record<string, string>>): boolean =>
  ["text", "name", "reminder"].some((name) => name in slots);

describe("the built-in intents", () => {
  it.each(
    Object.entries(PHRASINGS).flatMap(([name, all]) => all.map(([text, slots = {}]) => [name, text, slots] as const)),
  )("find %s in %j", (name, text, slots) => {
    const understood = understand(text, book);

    expect([understood?.name, understood?.slots]).toEqual([name, slots]);
  });

  it("have at least eight phrasings and twenty near misses each, and no others are tested", () => {
    expect(Object.keys(PHRASINGS).sort()).toEqual([...names].sort());
    expect(Object.keys(NEAR_MISSES).sort()).toEqual([...names].sort());
    expect(names.filter((name) => (PHRASINGS[name]?.length ?? 0) < 8)).toEqual([]);
    expect(names.filter((name) => new Set(NEAR_MISSES[name]).size < 20)).toEqual([]);
    expect(new Set(BASE_TRAPS).size).toBeGreaterThanOrEqual(34);
  });

  it.each([...BASE_TRAPS, "", "   ", "?!", "the", "please", "tars", "know"])("find nothing in %j", (text) => {
    expect(understand(text, book)).toBeUndefined();
  });

  it.each(names)("find nothing in the near misses of %s", (name) => {
    const found = (NEAR_MISSES[name] ?? []).map((text) => [text, understand(text, book)?.name]);

    expect(found.filter(([, intent]) => intent !== undefined)).toEqual([]);
  });

  it.each(names.filter((name) => name !== "say"))("find no %s where other words stand around it", (name) => {
    const around = [
      ...[
        "my uncle said %",
        "who wrote %",
        "how do you spell %",
        "% in tokyo",
        "% of the dinosaurs",
        "why do people say %",
      ],
      ...[
        "% is a song",
        "% zebra",
        "zebra %",
        "% at the next corner",
        "she asked me %",
        "% like my brother",
        "translate %",
      ],
    ];
    const closed = (PHRASINGS[name] ?? []).filter(([, slots = {}]) => !isOpen(slots));
    const spoiled = closed.flatMap(([text]) => around.map((frame) => frame.replace("%", () => text)));

    expect(spoiled.length).toBeGreaterThanOrEqual(100);
    expect(spoiled.filter((text) => understand(text, book)?.name === name)).toEqual([]);
  });

  it("read an utterance of ten thousand words without delay", () => {
    expect(understand(`say ${"no ".repeat(10_000)}zebra`, book)?.name).toBe("say");
    expect(understand("what ".repeat(10_000), book)).toBeUndefined();
  });
});
