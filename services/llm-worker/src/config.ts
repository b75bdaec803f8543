import { defineConfig, field, type Values } from "@ts-tars/service";

const PERSONA =
  "You are TARS, a helpful robot with a dry sense of humour. You are heard, not read: answer in one to three short " +
  "sentences of plain words, without lists, headings, code or emoji. Say so when you do not know.";

/** Every setting of llm-worker. */
export const llmWorkerConfig = defineConfig({
  name: "llm-worker",
  prefix: "LLM",
  fields: {
    provider: field.choice({
      doc: "What answers. `auto`: `openai` when a server or a key is set, else `offline` (a few rules, no model).",
      choices: ["auto", "openai", "offline"],
      default: "auto",
    }),
    baseUrl: field.url({
      doc: "A server that speaks OpenAI's Chat Completions, such as `http://127.0.0.1:11434/v1` for Ollama.",
      env: "OPENAI_BASE_URL",
    }),
    apiKey: field.secret({ doc: "Its key; a server on this machine or network needs none.", env: "OPENAI_API_KEY" }),
    model: field.text({ doc: "The model's name as the server knows it.", default: "gpt-4o-mini" }),
    maxTokens: field.int({ doc: "Length of an answer at most.", unit: "tokens", min: 1, max: 32_768, default: 256 }),
    temperature: field.number({ doc: "How freely words are chosen.", min: 0, max: 2, default: 0.7 }),
    topP: field.number({
      doc: "Nucleus sampling: the share of probability that words are chosen from.",
      min: 0,
      max: 1,
      default: 1,
    }),
    ctxWindow: field.int({
      doc: "The model's context window.",
      unit: "tokens",
      min: 512,
      max: 2_000_000,
      default: 4_096,
    }),
    persona: field.text({ doc: "Who the model is told to be.", default: PERSONA, live: true }),
    concurrency: field.int({
      doc: "Requests answered at the same time; more wait in order.",
      unit: "requests",
      min: 1,
      max: 64,
      default: 4,
    }),
    retries: field.int({
      doc: "Tries after the first on faults of the server, before its first word.",
      unit: "tries",
      min: 0,
      max: 10,
      default: 2,
    }),
    firstTokenTimeoutSec: field.number({
      doc: "For the first word, once the model has answered before.",
      unit: "s",
      min: 0.1,
      max: 600,
      default: 15,
    }),
    warmUpTimeoutSec: field.number({
      doc: "For the very first word: a local server loads the model.",
      unit: "s",
      min: 0.1,
      max: 600,
      default: 60,
    }),
    stallTimeoutSec: field.number({ doc: "For each further word.", unit: "s", min: 0.1, max: 600, default: 15 }),
    requestTimeoutSec: field.number({ doc: "For a whole answer.", unit: "s", min: 0.1, max: 600, default: 85 }),
  },
});

export type LlmWorkerConfig = Values<typeof llmWorkerConfig.fields>;
