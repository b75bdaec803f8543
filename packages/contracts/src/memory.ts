import { defineRequest } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { EpochSec, messageId, SiteId } from "./fields.ts";

/** How memories are found: by meaning and by words together, the last ones, or by meaning alone. */
export const RetrievalStrategy = z.enum(["hybrid", "recent", "similarity"]);
export type RetrievalStrategy = z.output<typeof RetrievalStrategy>;

/** What is to be remembered. */
export const MemoryQuery = z.object({
  message_id: messageId,
  text: z.string(),
  /** Memories at most, neighbours not counted. */
  top_k: z.number().int().min(1).max(50).default(5),
  /** Tokens of all results together at most; absent: no bound. */
  max_tokens: z.number().int().min(1).max(10_000).optional(),
  /** Neighbours in time are given too, so many on each side. */
  include_context: z.boolean().default(false),
  context_window: z.number().int().min(0).max(5).default(1),
  retrieval_strategy: RetrievalStrategy.default("hybrid"),
});
export type MemoryQuery = z.output<typeof MemoryQuery>;

/** One memory that was found, or a neighbour of one. */
export const MemoryResult = z.object({
  /** What was stored: text, or an object whose nulls are values. */
  document: z.union([z.string(), z.record(z.string(), z.unknown())]),
  /** Comparable within one answer only; a neighbour has 0. */
  score: z.number().optional(),
  /** When it was said, ISO 8601 (the reference writes its own form). */
  timestamp: z.string().optional(),
  context_type: z.enum(["target", "previous", "next"]).default("target"),
  token_count: z.number().int().optional(),
  /** What `memory/forget` knows it by. */
  id: z.string().min(1).max(128).optional(),
});
export type MemoryResult = z.output<typeof MemoryResult>;

/** What was found, best first; neighbours stand around their target. */
export const MemoryResults = z.object({
  message_id: messageId,
  /** The `text` that was asked for. */
  query: z.string(),
  /** How many of `results` are targets. */
  k: z.number().int(),
  results: z.array(MemoryResult).default([]),
  total_tokens: z.number().int().optional(),
  strategy_used: RetrievalStrategy.default("hybrid"),
  /** The bound of tokens left something out. */
  truncated: z.boolean().default(false),
});
export type MemoryResults = z.output<typeof MemoryResults>;

/** llm-worker, ui → memory-worker. */
export const memoryQuery = defineRequest({
  name: "memory/query",
  type: "memory.query",
  payload: MemoryQuery,
  replyName: "memory/results",
  replyType: "memory.results",
  replyPayload: MemoryResults,
  private: true,
  replyKeepNull: ["results.document"],
  reference: { lacks: [] },
  replyReference: { lacks: ["results.id"] },
});

/** What is to be forgotten: memories that meet all conditions that are given; `all` says that there are none. */
export const MemoryForget = z
  .object({
    ids: z.array(z.string().min(1).max(128)).min(1).max(500).optional(),
    /** They contain these words. */
    text: z.string().min(1).max(1_000).optional(),
    /** They are of this time, both ends included. */
    from_ts: EpochSec.optional(),
    to_ts: EpochSec.optional(),
    site_id: SiteId.optional(),
    all: z.literal(true).optional(),
  })
  .refine(({ all, ...conditions }) => (all === true) !== Object.values(conditions).some((one) => one !== undefined), {
    message: "must say which memories, by ids, text, time or site, or all, and not both",
  });
export type MemoryForget = z.output<typeof MemoryForget>;

/** How many were forgotten; they are gone from the disk too. */
export const MemoryForgetReply = z.object({ forgotten: z.number().int().nonnegative() });
export type MemoryForgetReply = z.output<typeof MemoryForgetReply>;

/** ui, llm-worker → memory-worker. */
export const memoryForget = defineRequest({
  name: "memory/forget",
  type: "memory.forget",
  payload: MemoryForget,
  replyName: "memory/forget/reply",
  replyType: "memory.forget.reply",
  replyPayload: MemoryForgetReply,
  private: true,
});

/** How much is remembered. */
export const MemoryStats = z.object({
  /** Of this site only; absent: of all. */
  site_id: SiteId.optional(),
});
export type MemoryStats = z.output<typeof MemoryStats>;

/** The figures of the store. */
export const MemoryStatsReply = z.object({
  memories: z.number().int().nonnegative(),
  /** Over it the oldest are forgotten; absent: no bound. */
  max_memories: z.number().int().positive().optional(),
  /** Of the file on the disk. */
  bytes: z.number().int().nonnegative(),
  oldest_ts: EpochSec.optional(),
  newest_ts: EpochSec.optional(),
  /** What makes vectors of words: `hashing`, `openai`. */
  embedder: z.string().min(1).max(64),
});
export type MemoryStatsReply = z.output<typeof MemoryStatsReply>;

/** ui, llm-worker → memory-worker. */
export const memoryStats = defineRequest({
  name: "memory/stats",
  type: "memory.stats",
  payload: MemoryStats,
  replyName: "memory/stats/reply",
  replyType: "memory.stats.reply",
  replyPayload: MemoryStatsReply,
});
