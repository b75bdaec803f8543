import { defineRequest, defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { Hex32, messageId, UttId } from "./fields.ts";

/** A function the model may call, in the form of the OpenAI API. */
export const ToolSpec = z.object({
  type: z.string().default("function"),
  function: z.record(z.string(), z.unknown()),
});
export type ToolSpec = z.output<typeof ToolSpec>;

/** Every tool the model may call now. */
export const ToolsRegistry = z.object({ message_id: messageId, tools: z.array(ToolSpec), boot: Hex32.optional() });
export type ToolsRegistry = z.output<typeof ToolsRegistry>;

/** llm-worker → ui, router. Shown only while the owner's `boot` is the healthy one. */
export const llmToolsRegistry = defineTopic({
  name: "llm/tools/registry",
  type: "llm.tools.registry",
  delivery: "state",
  reference: { lacks: ["boot"] },
  keepNull: ["tools.function"],
  payload: ToolsRegistry,
});

/** A tool that somebody else runs is to be called. */
export const ToolCallRequest = z.object({
  message_id: messageId,
  /** Of this call, as the model's provider names it. */
  call_id: z.string().min(1).max(128),
  /** As in the registry; the reference writes `mcp:<server>:<tool>`. */
  name: z.string().min(1).max(200),
  /** What the tool's own schema says; nulls are values. */
  arguments: z.record(z.string(), z.unknown()).default({}),
  /** The turn it is called for: the call dies with it. */
  utt_id: UttId.optional(),
});
export type ToolCallRequest = z.output<typeof ToolCallRequest>;

/** What the tool made of it: the result or the cause, for the model. Of a tool that failed there is no reply without one. */
export const ToolCallResult = z
  .object({
    message_id: messageId,
    call_id: z.string().min(1).max(128),
    result: z.record(z.string(), z.unknown()).optional(),
    error: z.string().optional(),
  })
  .refine(({ result, error }) => (result === undefined) !== (error === undefined), {
    message: "must have exactly one of result and error",
  });
export type ToolCallResult = z.output<typeof ToolCallResult>;

/** llm-worker → tool hosts; the host that has the tool answers. Arguments and results quote what people said. */
export const llmToolsCall = defineRequest({
  name: "llm/tools/call",
  type: "llm.tools.call",
  payload: ToolCallRequest,
  replyName: "llm/tools/result",
  replyType: "llm.tools.result",
  replyPayload: ToolCallResult,
  // A tool asks other machines.
  ttlMs: 30_000,
  private: true,
  keepNull: ["arguments"],
  replyKeepNull: ["result"],
  reference: { lacks: ["utt_id"] },
  replyReference: { lacks: [] },
});
