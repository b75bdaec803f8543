/**
 * What the model is told: who it is, what was said before, and the question, exactly once. Pure.
 *
 * The budget is the context window less the answer's own room. The persona and the question always go in; of the
 * history the newest whole messages that fit. Memories join here between persona and history.
 */
import type { ConversationMessage } from "@ts-tars/contracts";

export interface PromptMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface PromptParts {
  readonly persona: string;
  /** The request's own addition to the persona. */
  readonly system: string | undefined;
  /** Oldest first. */
  readonly history: readonly ConversationMessage[];
  readonly question: string;
}

export interface PromptBudget {
  /** Tokens of prompt and answer together. */
  readonly contextTokens: number;
  readonly answerTokens: number;
  readonly countTokens: (text: string) => number;
}

/** Role and separators of one message in the chat format. Source: OpenAI's description of its chat format. */
const MESSAGE_OVERHEAD_TOKENS = 4;

export function buildPrompt(parts: PromptParts, budget: PromptBudget): readonly PromptMessage[] {
  const system: PromptMessage = { role: "system", content: [parts.persona, parts.system].filter(isText).join("\n\n") };
  const question: PromptMessage = { role: "user", content: parts.question };
  const cost = ({ content }: PromptMessage): number => budget.countTokens(content) + MESSAGE_OVERHEAD_TOKENS;
  let left = budget.contextTokens - budget.answerTokens - cost(system) - cost(question);
  const history: PromptMessage[] = [];
  for (const { role, content } of withoutQuestion(parts).toReversed()) {
    const message: PromptMessage = { role, content };
    left -= cost(message);
    if (left < 0) break;
    history.unshift(message);
  }
  // What fits may begin in the middle of an exchange; an answer without its question only confuses.
  while (history[0]?.role === "assistant") history.shift();
  return system.content === "" ? [...history, question] : [system, ...history, question];
}

/** Some senders end the history with the question itself; the model must not read it twice. */
function withoutQuestion({ history, question }: PromptParts): readonly ConversationMessage[] {
  const last = history.at(-1);
  return last?.role === "user" && last.content.trim() === question.trim() ? history.slice(0, -1) : history;
}

function isText(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}

/**
 * An upper estimate without a tokenizer: English has about four characters a token, other scripts up to one token a
 * character, which is what three bytes of UTF-8 make.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(new TextEncoder().encode(text).byteLength / 3);
}
