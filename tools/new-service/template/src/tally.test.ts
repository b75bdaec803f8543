import { expect, test } from "vitest";
import { emptyTally, step } from "./tally.ts";

test("each answer is counted under its path", () => {
  const [once] = step(emptyTally(1), { type: "answered", path: "intent" });
  const [twice, effects] = step(once, { type: "answered", path: "llm" });

  expect(twice.counts).toEqual({ intent: 1, llm: 1 });
  expect(effects).toEqual([{ do: "show", counts: { intent: 1, llm: 1 } }]);
});

test("between two updates nothing is shown", () => {
  const [, effects] = step(emptyTally(2), { type: "answered", path: "intent" });

  expect(effects).toEqual([]);
});
