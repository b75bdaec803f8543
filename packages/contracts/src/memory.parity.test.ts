import { describe, it } from "vitest";
import { characterGet, characterUpdate, memoryQuery, systemCharacterCurrent } from "./index.ts";
import { type Case, expectOutcome, reads, refuses, strips } from "./parity.fixture.ts";

const QUERY = { text: "name", top_k: 5, include_context: false, context_window: 1, retrieval_strategy: "hybrid" };
const RESULTS = { query: "name", k: 0, results: [], strategy_used: "hybrid", truncated: false };
const EMPTY = { traits: {}, voice: {}, meta: {}, scenario: {}, personality_notes: {}, example_interactions: {} };
const TRAIT = { section: "traits", trait: "humor", value: 50 };

const found = (result: object) => ({ ...RESULTS, results: [result] });

const MEMORY: readonly Case[] = [
  ["query: a text is required", memoryQuery.request, { top_k: 3 }, refuses("text")],
  [
    "query: five, without neighbours, by meaning and words, by default",
    memoryQuery.request,
    { text: "name" },
    reads(QUERY),
  ],
  ["query: one is the least", memoryQuery.request, { ...QUERY, top_k: 1 }],
  ["query: fifty are the most", memoryQuery.request, { ...QUERY, top_k: 50 }],
  ["query: none is refused", memoryQuery.request, { ...QUERY, top_k: 0 }, refuses("top_k")],
  ["query: fifty-one are refused", memoryQuery.request, { ...QUERY, top_k: 51 }, refuses("top_k")],
  ["query: a bound of 1 token is the least", memoryQuery.request, { ...QUERY, max_tokens: 1 }],
  ["query: a bound of 10 000 tokens is the most", memoryQuery.request, { ...QUERY, max_tokens: 10_000 }],
  ["query: a bound of 0 tokens is refused", memoryQuery.request, { ...QUERY, max_tokens: 0 }, refuses("max_tokens")],
  [
    "query: a bound of 10 001 tokens is refused",
    memoryQuery.request,
    { ...QUERY, max_tokens: 10_001 },
    refuses("max_tokens"),
  ],
  ["query: no bound of tokens is null", memoryQuery.request, { ...QUERY, max_tokens: null }, reads(QUERY)],
  ["query: no neighbours are the least", memoryQuery.request, { ...QUERY, context_window: 0 }],
  ["query: five neighbours are the most", memoryQuery.request, { ...QUERY, context_window: 5 }],
  [
    "query: -1 neighbours are refused",
    memoryQuery.request,
    { ...QUERY, context_window: -1 },
    refuses("context_window"),
  ],
  [
    "query: six neighbours are refused",
    memoryQuery.request,
    { ...QUERY, context_window: 6 },
    refuses("context_window"),
  ],
  ["query: recent is a strategy", memoryQuery.request, { ...QUERY, retrieval_strategy: "recent" }],
  ["query: similarity is a strategy", memoryQuery.request, { ...QUERY, retrieval_strategy: "similarity" }],
  [
    "query: another strategy is refused (the reference takes any word, and does hybrid)",
    memoryQuery.request,
    { ...QUERY, retrieval_strategy: "magic" },
    refuses("retrieval_strategy"),
  ],
  [
    "query: a member that is none is left out (the reference refuses all)",
    memoryQuery.request,
    { ...QUERY, x: 1 },
    strips(QUERY),
  ],
  ["results: the question and a number are required", memoryQuery.reply, {}, refuses("query", "k")],
  [
    "results: none, whole, by meaning and words, by default",
    memoryQuery.reply,
    { query: "name", k: 0 },
    reads(RESULTS),
  ],
  ["results: a document may be a text", memoryQuery.reply, found({ document: "a", context_type: "target" })],
  ["results: a document may be an object", memoryQuery.reply, found({ document: { a: null }, context_type: "next" })],
  ["results: a document is required", memoryQuery.reply, found({ score: 1 }), refuses("results.0.document")],
  [
    "results: it is what was asked for by default",
    memoryQuery.reply,
    found({ document: "a" }),
    reads(found({ document: "a", context_type: "target" })),
  ],
  [
    "results: score, time and tokens may be null",
    memoryQuery.reply,
    found({
      ...{ document: "a", context_type: "previous", score: null, timestamp: null, token_count: null },
    }),
    reads(found({ document: "a", context_type: "previous" })),
  ],
  [
    "results: the time is a text",
    memoryQuery.reply,
    found({ document: "a", timestamp: 1 }),
    refuses("results.0.timestamp"),
  ],
  [
    "results: a member that is none is left out (the reference refuses all)",
    memoryQuery.reply,
    { ...RESULTS, x: 1 },
    strips(RESULTS),
  ],
];

const CHARACTER: readonly Case[] = [
  ["get: without a section it is all of it", characterGet.request, { section: null }, reads({})],
  ["get: a section may be named", characterGet.request, { section: "traits" }],
  ["get: a member that is none is left out (the reference refuses all)", characterGet.request, { x: 1 }, strips({})],
  ["snapshot: a name is required", systemCharacterCurrent, { traits: {} }, refuses("name")],
  [
    "snapshot: its six sections are empty by default",
    systemCharacterCurrent,
    { name: "TARS" },
    reads({ name: "TARS", ...EMPTY }),
  ],
  [
    "snapshot: description and prompt may be null",
    systemCharacterCurrent,
    {
      ...{ name: "TARS", ...EMPTY, description: null, systemprompt: null },
    },
    reads({ name: "TARS", ...EMPTY }),
  ],
  [
    "snapshot: sections are any objects",
    systemCharacterCurrent,
    {
      ...{ name: "TARS", ...EMPTY, voice: { rate: null }, scenario: { world: "a farm" }, traits: { humor: 90 } },
    },
  ],
  [
    "snapshot: a member that is none is left out (the reference refuses all)",
    systemCharacterCurrent,
    {
      ...{ name: "TARS", ...EMPTY, x: 1 },
    },
    strips({ name: "TARS", ...EMPTY }),
  ],
  ["result: a snapshot is one", characterGet.reply, { name: "TARS", ...EMPTY }],
  ["result: a section with an object is one", characterGet.reply, { section: "traits", value: { humor: 90 } }],
  ["result: a section with a text is one", characterGet.reply, { section: "description", value: "a robot" }],
  [
    "result: a section with null is one",
    characterGet.reply,
    { section: "meta", value: null },
    reads({ section: "meta" }),
  ],
  ["result: a section needs its name", characterGet.reply, { value: {} }, refuses("")],
  ["update: a trait is set in the traits", characterUpdate, TRAIT],
  [
    "update: the section may be missing (the reference fills it in)",
    characterUpdate,
    { trait: "humor", value: 50 },
    reads({ trait: "humor", value: 50 }),
  ],
  ["update: a trait is required", characterUpdate, { section: "traits", value: 50 }, refuses("trait")],
  ["update: a value is required", characterUpdate, { section: "traits", trait: "humor" }, refuses("value")],
  ["update: 0 is the least", characterUpdate, { ...TRAIT, value: 0 }],
  ["update: 100 is the most", characterUpdate, { ...TRAIT, value: 100 }],
  ["update: -1 is refused", characterUpdate, { ...TRAIT, value: -1 }, refuses("value")],
  ["update: 101 is refused", characterUpdate, { ...TRAIT, value: 101 }, refuses("value")],
  ["update: a reset says so", characterUpdate, { action: "reset_traits" }],
  [
    "update: nothing at all is no reset (in the reference it is one by default)",
    characterUpdate,
    {},
    refuses("action"),
  ],
  [
    "update: a member that is none is left out (the reference refuses all)",
    characterUpdate,
    { ...TRAIT, x: 1 },
    strips(TRAIT),
  ],
];

describe("the memory's contract", () => {
  it.for(MEMORY)("%s", (one) => {
    expectOutcome(one);
  });
});

describe("the character's contract", () => {
  it.for(CHARACTER)("%s", (one) => {
    expectOutcome(one);
  });
});
