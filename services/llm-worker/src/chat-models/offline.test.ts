import { describe, expect, test } from "vitest";
import { CLAIMS, collect, describeChatModel } from "../chat-model.conformance.ts";
import type { ChatModel } from "../chat-model.ts";
import { openOfflineModel } from "./offline.ts";

const open = async () => ({ model: openOfflineModel(), [Symbol.asyncDispose]: async () => undefined });

describeChatModel("offline", open);

describe("the model offline", () => {
  test.each(["hello there", "why is the sky blue", "thank you", "who won the world cup"])(
    "says plainly what it is when asked %j",
    async (content) => {
      let said = "";
      const answer = openOfflineModel().answer(
        { messages: [{ role: "user", content }], params: {} },
        { signal: new AbortController().signal },
      );
      for await (const piece of answer) if (piece.type === "text") said += piece.text;

      expect(said).toContain("without a language model");
    },
  );
});

describe("the conformance suite", () => {
  const broken: ChatModel = {
    provider: "Broken Provider",
    model: "",
    answer: async function* () {
      yield { type: "usage" as const, tokens: {} };
      yield { type: "text" as const, text: "" };
    },
  };

  test.each(Object.entries(CLAIMS))("is not passed by a broken model: %s", async (_title, claim) => {
    await expect(claim(broken)).rejects.toThrow();
  });

  test("collects what a model says", async () => {
    expect(await collect(openOfflineModel(), new AbortController().signal)).not.toEqual([]);
  });
});
