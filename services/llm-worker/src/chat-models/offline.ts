import type { ChatModel, ChatPiece, ChatQuestion } from "../chat-model.ts";

/** What it says it is; never less. */
const ABOUT = "I am running without a language model";

/** Each rule: words of the question, and an answer that claims nothing. First match wins. */
const RULES: readonly { readonly pattern: RegExp; readonly answer: string }[] = [
  { pattern: /\b(hello|hi|hey|good (morning|afternoon|evening))\b/i, answer: "Hello. " },
  { pattern: /\bhow are you\b/i, answer: "All my services are up. " },
  { pattern: /\b(thanks|thank you)\b/i, answer: "You are welcome. " },
  { pattern: /\b(bye|goodbye|good night)\b/i, answer: "Goodbye. " },
];

const REMEDY = "To answer open questions I need a model: set OPENAI_BASE_URL to a local server, or OPENAI_API_KEY.";

/**
 * Answers without a model, from a small rule set, and says plainly what it is: it never pretends to know.
 */
export function openOfflineModel(): ChatModel {
  return {
    provider: "offline",
    model: "rules",
    answer: async function* ({ messages }: ChatQuestion, { signal }): AsyncGenerator<ChatPiece> {
      signal.throwIfAborted();
      const question = messages.at(-1)?.content ?? "";
      const rule = RULES.find(({ pattern }) => pattern.test(question));
      if (rule !== undefined) yield { type: "text", text: rule.answer };
      yield {
        type: "text",
        text: `${ABOUT}, so I ${rule === undefined ? "cannot answer that" : "can only do simple things"}. `,
      };
      if (rule === undefined) yield { type: "text", text: REMEDY };
    },
  };
}
