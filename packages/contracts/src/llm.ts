import { defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { DurationMs, EpochSec, messageId, siteId, UttId } from "./fields.ts";

/** One earlier message of the conversation. */
export const ConversationMessage = z.object({
  role: z.enum(["user", "assistant"]),
  content: z.string(),
  timestamp: EpochSec.optional(),
});
export type ConversationMessage = z.output<typeof ConversationMessage>;

/** A question to the model. `id` is the turn's `utt_id`. */
export const LLMRequest = z.object({
  message_id: messageId,
  id: UttId,
  text: z.string(),
  stream: z.boolean().default(true),
  /** Whether memories are looked up; absent: the worker's setting. */
  use_rag: z.boolean().optional(),
  rag_k: z.number().int().optional(),
  /** Added to the persona's prompt for this request. */
  system: z.string().optional(),
  /** `model`, `max_tokens`, `temperature`, `top_p` are honoured; the rest is handed to the provider. */
  params: z.record(z.string(), z.unknown()).optional(),
  /** Oldest first, without the question itself. */
  conversation_history: z.array(ConversationMessage).optional(),
  site_id: siteId,
});
export type LLMRequest = z.output<typeof LLMRequest>;

/** router → llm-worker. Handled when the exchange is queued. */
export const llmRequest = defineTopic({
  name: "llm/request",
  type: "llm.request",
  delivery: "command",
  ttlMs: 60_000,
  private: true,
  keepNull: ["params"],
  reference: { lacks: ["site_id"] },
  key: (data) => data.id,
  payload: LLMRequest,
});

/** What the worker is at while there is no text yet. */
export const LLMStage = z.enum(["queued", "loading", "retrieving", "thinking", "tool"]);
export type LLMStage = z.output<typeof LLMStage>;

/** A piece of the answer, or (with `stage` and without `delta`) the news that it is being worked on. */
export const LLMStreamDelta = z.object({
  message_id: messageId,
  id: UttId,
  /** 1 for the first message; the one with `done` has the last number. A gap is repaired from `llm/response`. */
  seq: z.number().int().nonnegative().optional(),
  delta: z.string().optional(),
  done: z.boolean().default(false),
  provider: z.string().optional(),
  model: z.string().optional(),
  stage: LLMStage.optional(),
});
export type LLMStreamDelta = z.output<typeof LLMStreamDelta>;

/** llm-worker → router, ui. At least every 5 s while a request lives; also a failed stream ends with `done`. */
export const llmStream = defineTopic({
  name: "llm/stream",
  type: "llm.stream",
  delivery: "stream",
  private: true,
  reference: { lacks: ["stage"] },
  key: (data) => data.id,
  payload: LLMStreamDelta,
});

/** The whole answer, or why there is none. */
export const LLMResponse = z
  .object({
    message_id: messageId,
    id: UttId,
    reply: z.string().optional(),
    error: z.string().optional(),
    provider: z.string().optional(),
    model: z.string().optional(),
    /** The provider's usage figures. */
    tokens: z.record(z.string(), z.unknown()).optional(),
    /** `reply` is then what there was of it. */
    cancelled: z.boolean().default(false),
    /** With `error`: the text that came before it. */
    partial: z.string().optional(),
    /** Names of the tools that were called for it. */
    tools_used: z.array(z.string()).optional(),
    /** From the start of the work to the first text, and to the last. */
    first_token_ms: DurationMs.optional(),
    total_ms: DurationMs.optional(),
  })
  .refine((response) => (response.reply === undefined) !== (response.error === undefined), {
    message: "must have exactly one of reply and error",
  });
export type LLMResponse = z.output<typeof LLMResponse>;

/** llm-worker → router, ui. Exactly one for each request. */
export const llmResponse = defineTopic({
  name: "llm/response",
  type: "llm.response",
  delivery: "event",
  ttlMs: 60_000,
  private: true,
  keepNull: ["tokens"],
  reference: { lacks: ["cancelled", "partial", "tools_used", "first_token_ms", "total_ms"] },
  key: (data) => data.id,
  payload: LLMResponse,
});

/** The reference's cancel. Read for old peers; ours send `turn/cancel`. */
export const LLMCancel = z.object({ message_id: messageId, id: UttId });
export type LLMCancel = z.output<typeof LLMCancel>;

/** router → llm-worker. */
export const llmCancel = defineTopic({
  name: "llm/cancel",
  type: "llm.cancel",
  delivery: "command",
  ttlMs: 5_000,
  priority: "high",
  reference: { lacks: [] },
  payload: LLMCancel,
});
