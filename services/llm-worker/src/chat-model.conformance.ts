import { describe, expect, it } from "vitest";
import type { ChatModel, ChatPiece, ChatQuestion } from "./chat-model.ts";

export const QUESTION: ChatQuestion = { messages: [{ role: "user", content: "hello, how late is it" }], params: {} };

/** A model under test, ready to answer one question with any text. */
export interface ModelUnderTest extends AsyncDisposable {
  readonly model: ChatModel;
}

type Open = () => Promise<ModelUnderTest>;
type Claim = (model: ChatModel) => Promise<void>;

/** The conformance suite of `ChatModel`: what every provider promises. */
export function describeChatModel(name: string, open: Open): void {
  describe(`the model ${name}`, () => {
    for (const [title, claim] of Object.entries(CLAIMS)) {
      it(title, async () => {
        await using underTest = await open();
        await claim(underTest.model);
      });
    }
  });
}

/** What is claimed of a model, by title; each throws when it is not so. */
export const CLAIMS: Readonly<Record<string, Claim>> = {
  "says something, in pieces that are not empty": async (model) => {
    const pieces = await collect(model, new AbortController().signal);
    const texts = pieces.flatMap((piece) => (piece.type === "text" ? [piece.text] : []));
    expect(texts.join("").trim()).not.toBe("");
    expect(texts).not.toContain("");
  },
  "gives its usage at most once, and last": async (model) => {
    const pieces = await collect(model, new AbortController().signal);
    const at = pieces.findIndex(({ type }) => type === "usage");
    expect([-1, pieces.length - 1]).toContain(at);
  },
  "says nothing and throws the signal's reason when it was aborted before": async (model) => {
    const reason = new Error("cancelled");
    await expect(collect(model, AbortSignal.abort(reason))).rejects.toBe(reason);
  },
  "names itself and its model": async (model) => {
    expect(model.provider).toMatch(/^[a-z-]+$/);
    expect(model.model).not.toBe("");
  },
};

/** The whole answer. */
export async function collect(
  model: ChatModel,
  signal: AbortSignal,
  question = QUESTION,
): Promise<readonly ChatPiece[]> {
  const pieces: ChatPiece[] = [];
  for await (const piece of model.answer(question, { signal })) pieces.push(piece);
  return pieces;
}
