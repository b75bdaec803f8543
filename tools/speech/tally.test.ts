import { expect, test } from "vitest";
import type { Utterance } from "./draw-utterances.ts";
import { figuresOf, isMissed, lineOf, type Outcome } from "./tally.ts";

const SLOTS = { name: "tea" };

function outcome(utterance: Partial<Utterance>, heard: Partial<Outcome> = {}): Outcome {
  const meaning = utterance.kind === "command" ? { intent: "timer_cancel", slots: SLOTS } : undefined;
  const base = { kind: "question", text: "why is the sky blue", peakDb: -3, leadMs: 0, tailMs: 0 } as const;
  const manner = { voice: "slt", tempo: 1, pitchCents: 0 } as const;
  return {
    utterance: { ...base, manner, meaning, snrDb: undefined, ...utterance },
    transcript: "why is the sky blue",
    intent: undefined,
    slots: {},
    ...heard,
  };
}

const times = (count: number, one: Outcome): readonly Outcome[] => Array.from({ length: count }, () => one);
const right = outcome({ kind: "command" }, { intent: "timer_cancel", slots: SLOTS });
const deaf = outcome({ kind: "command" });
const ratios = (outcomes: readonly Outcome[]) =>
  Object.fromEntries(figuresOf(outcomes, "exact").map(({ name, ratio }) => [name, ratio]));

test("a command is right only with its slots, and taken for another also when only these are wrong", () => {
  const wrongSlot = outcome({ kind: "command" }, { intent: "timer_cancel", slots: { name: "rice" } });

  expect(ratios([right, right, deaf, wrongSlot])).toMatchObject({
    "commands not right, no noise": 0.5,
    "commands taken for another": 0.25,
  });
});

test("a misheard word of what is to be said is not right, but no other command", () => {
  const said = { kind: "command", meaning: { intent: "say", slots: { text: "hello world" } } } as const;

  expect(ratios([outcome(said, { intent: "say", slots: { text: "yellow world" } })])).toMatchObject({
    "commands not right, no noise": 1,
    "commands taken for another": 0,
  });
});

test("commands in noise have a bar of their own", () => {
  const noisy = { kind: "command", snrDb: 25 } as const;
  const figures = figuresOf([right, outcome(noisy)], "exact");

  expect(figures.filter(isMissed).map(({ name }) => name)).toEqual(["commands not right, pink noise"]);
});

test("one trap taken is one too many, but among ten two may be chance", () => {
  const trap = { kind: "trap" } as const;
  const outcomes = [...times(8, outcome(trap)), ...times(2, outcome(trap, { intent: "time" }))];

  expect(figuresOf(outcomes, "exact").some(isMissed)).toBe(true);
  expect(figuresOf(outcomes, "chance").some(isMissed)).toBe(false);
  expect(figuresOf([...outcomes, outcome(trap, { intent: "time" })], "chance").some(isMissed)).toBe(true);
});

test("words are compared as the router compares them, and a refusal has none right", () => {
  const question = { text: "what is in the box" };

  expect(ratios([outcome(question, { transcript: "What's in the box?" })])["questions, words wrong"]).toBe(0);
  expect(ratios([outcome(question, { transcript: undefined })])["questions, words wrong"]).toBe(1);
});

test("a robot that understands nothing misses every bar, also those of the tenth", () => {
  const nothing = [...times(18, deaf), ...times(9, outcome({}, { transcript: undefined }))];
  const missed = figuresOf(nothing, "chance").filter(isMissed);

  expect(missed.map(({ name }) => name)).toEqual([
    "commands not right, no noise",
    "questions, words wrong",
    "questions, words wrong, slt",
  ]);
});

test("a line says the figure, its bar and of how many", () => {
  const [figure] = figuresOf([right, deaf], "exact");

  expect(figure && lineOf(figure)).toBe("MISSED commands not right, no noise       50.0 %  (≤ 10.0 %, 2)");
});
