import { describe, expect, it } from "vitest";
import { buildPrompt, estimateTokens, type PromptBudget, type PromptParts } from "./prompt.ts";

const BUDGET: PromptBudget = {
  contextTokens: 100,
  answerTokens: 20,
  countTokens: (text) => text.split(" ").length,
};
const ask = (overrides: Partial<PromptParts> = {}): PromptParts => ({
  persona: "You are TARS.",
  question: "and now?",
  history: [],
  system: undefined,
  ...overrides,
});

describe("the prompt", () => {
  it("is the persona, the past, and the question", () => {
    const history = [
      { role: "user", content: "who are you" },
      { role: "assistant", content: "I am TARS." },
    ] as const;

    expect(buildPrompt(ask({ history, system: "Be brief." }), BUDGET)).toEqual([
      { role: "system", content: "You are TARS.\n\nBe brief." },
      ...history,
      { role: "user", content: "and now?" },
    ]);
  });

  it("holds the question once when the past ends with it", () => {
    const prompt = buildPrompt(ask({ history: [{ role: "user", content: " and now? " }] }), BUDGET);

    expect(prompt.filter(({ role }) => role === "user")).toHaveLength(1);
  });

  it("forgets the oldest when there is no room for all, and begins with a question", () => {
    const words = (count: number): string => Array.from({ length: count }, () => "word").join(" ");
    const history = [
      { role: "user", content: `1 ${words(20)}` },
      { role: "assistant", content: `2 ${words(20)}` },
      { role: "user", content: `3 ${words(8)}` },
      { role: "assistant", content: `4 ${words(8)}` },
    ] as const;

    const prompt = buildPrompt(ask({ history }), BUDGET);

    expect(prompt.map(({ content }) => content.charAt(0))).toEqual(["Y", "3", "4", "a"]);
  });

  it("keeps persona and question even when there is room for neither", () => {
    const prompt = buildPrompt(ask({ question: "word ".repeat(500) }), BUDGET);

    expect(prompt.map(({ role }) => role)).toEqual(["system", "user"]);
  });

  it("leaves out an empty persona", () => {
    expect(buildPrompt(ask({ persona: " " }), BUDGET)).toEqual([{ role: "user", content: "and now?" }]);
  });

  it("estimates tokens on the safe side", () => {
    expect(estimateTokens("It is late, go to bed.")).toBeGreaterThanOrEqual(7);
    expect(estimateTokens("今天很好")).toBe(4);
  });
});
