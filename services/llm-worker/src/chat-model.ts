import type { PromptMessage } from "./prompt.ts";

/** What one answer is made from. */
export interface ChatQuestion {
  readonly messages: readonly PromptMessage[];
  /** Overrides of the settings, as `llm/request` `params` has them. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** What a model says, piece by piece. */
export type ChatPiece =
  | { readonly type: "text"; readonly text: string }
  /** The provider's usage figures, at most once and last. */
  | { readonly type: "usage"; readonly tokens: Readonly<Record<string, unknown>> };

/** Something that answers. One interface, several providers, one conformance suite. */
export interface ChatModel {
  /** The provider: `openai`, `offline`. */
  readonly provider: string;
  /** The model's name as the provider knows it. */
  readonly model: string;
  /**
   * The answer as it comes. Ends within 100 ms of the signal's abort, and throws its reason then.
   *
   * @throws {ChatModelError} when there is no (further) answer; what was yielded before stands.
   */
  answer(question: ChatQuestion, options: { readonly signal: AbortSignal }): AsyncIterable<ChatPiece>;
}

/** Why a model did not answer, in one sentence that a person can be told: what happened, and what to do. */
export class ChatModelError extends Error {
  static {
    ChatModelError.prototype.name = "ChatModelError";
  }
  readonly code: ChatModelErrorCode;

  constructor(options: { readonly code: ChatModelErrorCode; readonly sentence: string; readonly cause?: unknown }) {
    super(options.sentence, options.cause === undefined ? {} : { cause: options.cause });
    this.code = options.code;
  }
}

export type ChatModelErrorCode =
  | "unreachable"
  | "refused_key"
  | "no_such_model"
  | "bad_request"
  | "too_many_requests"
  | "server_failed"
  | "broken_off";
