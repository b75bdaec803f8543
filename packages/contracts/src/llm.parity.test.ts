import { describe, expect, it } from "vitest";
import { llmCancel, llmRequest, llmResponse, llmStream, llmToolsCall, llmToolsRegistry } from "./index.ts";
import { type Case, expectOutcome, reads, refuses, strips } from "./parity.fixture.ts";

const site_id = "default";
const ASK = { id: "u1", text: "why", stream: true, site_id };
const REPLY = { id: "u1", reply: "so", cancelled: false };
const DELTA = { id: "u1", delta: "s", done: false };
const CALL = { call_id: "1", name: "mcp:a:b", arguments: { x: 1 } };

const history = (role: string) => ({ ...ASK, conversation_history: [{ role, content: "hi" }] });

const LLM: readonly Case[] = [
  ["request: id and text are required", llmRequest, {}, refuses("id", "text")],
  ["request: it is answered in pieces by default", llmRequest, { id: "u1", text: "why" }, reads(ASK)],
  [
    "request: all else may be null",
    llmRequest,
    { ...ASK, use_rag: null, rag_k: null, system: null, params: null, conversation_history: null },
    reads(ASK),
  ],
  ["request: the number of memories has no bound", llmRequest, { ...ASK, use_rag: true, rag_k: -1 }],
  ["request: parameters are any object", llmRequest, { ...ASK, params: { model: "m", temperature: 0.2, stop: null } }],
  ["request: the user's words may be history", llmRequest, history("user")],
  ["request: the assistant's words may be history", llmRequest, history("assistant")],
  ["request: the system's words may not", llmRequest, history("system"), refuses("conversation_history.0.role")],
  [
    "request: history has a role and a content",
    llmRequest,
    { ...ASK, conversation_history: [{}] },
    refuses("conversation_history.0.role", "conversation_history.0.content"),
  ],
  ["request: a member that is none is left out (the reference refuses all)", llmRequest, { ...ASK, x: 1 }, strips(ASK)],
  ["response: an id is required", llmResponse, { reply: "so" }, refuses("id")],
  [
    "response: a reply is read, with provider, model and usage",
    llmResponse,
    {
      ...REPLY,
      ...{ provider: "openai", model: "m", tokens: { total: 3, cached: null } },
    },
  ],
  ["response: an error is read", llmResponse, { id: "u1", error: "no key", cancelled: false }],
  ["response: both are refused (the reference allows it)", llmResponse, { ...REPLY, error: "no" }, refuses("")],
  ["response: neither is refused (the reference allows it)", llmResponse, { id: "u1" }, refuses("")],
  [
    "response: a member that is none is left out (the reference refuses all)",
    llmResponse,
    { ...REPLY, x: 1 },
    strips(REPLY),
  ],
  ["stream: an id is required", llmStream, { delta: "s" }, refuses("id")],
  ["stream: it is not done by default", llmStream, { id: "u1", delta: "s", seq: null }, reads(DELTA)],
  [
    "stream: the end has a number and no text",
    llmStream,
    { id: "u1", seq: 4, delta: null, done: true },
    reads({
      ...{ id: "u1", seq: 4, done: true },
    }),
  ],
  [
    "stream: a member that is none is left out (the reference refuses all)",
    llmStream,
    { ...DELTA, x: 1 },
    strips(DELTA),
  ],
  ["cancel: an id is required", llmCancel, { message_id: "m" }, refuses("id")],
  ["cancel: an id is enough", llmCancel, { id: "u1" }],
  ["tools: a registry has tools", llmToolsRegistry, {}, refuses("tools")],
  [
    "tools: a tool is a function by default",
    llmToolsRegistry,
    { tools: [{ function: { name: "a" } }] },
    reads({
      tools: [{ type: "function", function: { name: "a" } }],
    }),
  ],
  ["tools: a tool has a function", llmToolsRegistry, { tools: [{}] }, refuses("tools.0.function")],
  ["tools: a call has an id and a name", llmToolsCall.request, { arguments: {} }, refuses("call_id", "name")],
  ["tools: a call's arguments are any object", llmToolsCall.request, CALL],
  [
    "tools: a call needs no arguments (of the reference's two models one demands them)",
    llmToolsCall.request,
    { call_id: "1", name: "a" },
    reads({ call_id: "1", name: "a", arguments: {} }),
  ],
  ["tools: a result has its call's id", llmToolsCall.reply, { result: {} }, refuses("call_id")],
  ["tools: a result is any object", llmToolsCall.reply, { call_id: "1", result: { a: null } }],
  ["tools: an error stands in the member error", llmToolsCall.reply, { call_id: "1", error: "no" }],
  [
    "tools: neither is refused (the reference allows it)",
    llmToolsCall.reply,
    { call_id: "1", result: null },
    refuses(""),
  ],
];

describe("the model's contract", () => {
  it.for(LLM)("%s", (one) => {
    expectOutcome(one);
  });

  it("topics are those of the reference, and of its five spellings for tools there is one", () => {
    const topics = [
      llmRequest,
      llmResponse,
      llmStream,
      llmCancel,
      llmToolsRegistry,
      llmToolsCall.request,
      llmToolsCall.reply,
    ];

    expect(topics.map(({ filter }) => filter)).toEqual([
      ...["llm/request", "llm/response", "llm/stream", "llm/cancel"],
      ...["llm/tools/registry", "llm/tools/call", "llm/tools/result"],
    ]);
  });
});
