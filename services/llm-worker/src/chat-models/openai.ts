/** Any server that speaks OpenAI's Chat Completions: OpenAI, Ollama, llama.cpp, vLLM, others. */
import OpenAI, { APIConnectionError, APIError, APIUserAbortError } from "openai";
import { type ChatModel, ChatModelError, type ChatPiece, type ChatQuestion } from "../chat-model.ts";
import { hide, NO_THOUGHTS, release } from "../reasoning.ts";

export interface OpenAiSettings {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP: number;
  /** Tries after the first, on 408, 409, 429, 5xx and connection faults, before the first token only. */
  readonly retries: number;
}

/** Parameters of a request that may replace a setting; the rest of `params` is handed to the server as it is. */
const OWN_PARAMS = ["model", "max_tokens", "temperature", "top_p"] as const;
/** Never taken from the bus: they would change what we read, or where it goes. */
const FORBIDDEN_PARAMS: ReadonlySet<string> = new Set([
  "messages",
  "stream",
  "stream_options",
  "tools",
  "tool_choice",
  "n",
  ...OWN_PARAMS,
]);

export function openOpenAiModel(settings: OpenAiSettings): ChatModel {
  const api = new OpenAI({
    baseURL: settings.baseUrl,
    apiKey: settings.apiKey,
    maxRetries: settings.retries,
    // Deadlines are the exchange's; the SDK's own would cut a slow first load.
    timeout: 600_000,
    logLevel: "off",
  });
  return {
    provider: "openai",
    model: settings.model,
    answer: (question, { signal }) => stream(api, { settings, question, signal }),
  };
}

interface Call {
  readonly settings: OpenAiSettings;
  readonly question: ChatQuestion;
  readonly signal: AbortSignal;
}

async function* stream(api: OpenAI, call: Call): AsyncGenerator<ChatPiece> {
  const { settings, signal } = call;
  let thoughts = NO_THOUGHTS;
  let tokens: Readonly<Record<string, unknown>> | undefined;
  let isWhole = false;
  try {
    const chunks = await api.chat.completions.create(bodyOf(call), { signal });
    for await (const { choices, usage } of chunks) {
      if (usage) tokens = { ...usage };
      const [choice] = choices;
      isWhole ||= typeof choice?.finish_reason === "string";
      const [next, text] = hide(thoughts, choice?.delta.content ?? "");
      thoughts = next;
      if (text !== "") yield { type: "text", text };
    }
  } catch (error) {
    signal.throwIfAborted();
    throw describe(error, settings);
  }
  signal.throwIfAborted();
  const rest = release(thoughts);
  if (rest !== "") yield { type: "text", text: rest };
  // The SDK ends its iteration in silence when the connection closes before `finish_reason` came.
  if (!isWhole) throw brokenOff(settings);
  if (tokens !== undefined) yield { type: "usage", tokens };
}

function bodyOf({ settings, question: { messages, params } }: Call) {
  const extra = Object.fromEntries(Object.entries(params).filter(([name]) => !FORBIDDEN_PARAMS.has(name)));
  return {
    ...extra,
    model: typeof params["model"] === "string" ? params["model"] : settings.model,
    max_tokens: numberOr(params["max_tokens"], settings.maxTokens),
    temperature: numberOr(params["temperature"], settings.temperature),
    top_p: numberOr(params["top_p"], settings.topP),
    messages: messages.map(({ role, content }) => ({ role, content })),
    stream: true as const,
    stream_options: { include_usage: true },
  };
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : fallback;
}

/** Our own words only: a provider's text may quote the key. */
function describe(error: unknown, { baseUrl, model }: OpenAiSettings): ChatModelError {
  if (error instanceof ChatModelError) return error;
  const server = hostOf(baseUrl);
  if (error instanceof APIConnectionError || error instanceof APIUserAbortError) {
    return new ChatModelError({
      code: "unreachable",
      sentence: `The model's server at ${server} cannot be reached. Check that it runs and OPENAI_BASE_URL.`,
    });
  }
  const status = error instanceof APIError && typeof error.status === "number" ? error.status : undefined;
  switch (status) {
    case 400:
    case 422:
      return new ChatModelError({
        code: "bad_request",
        sentence: `The model's server at ${server} did not accept the request for ${model}.`,
      });
    case 401:
    case 403:
      return new ChatModelError({
        code: "refused_key",
        sentence: `The model's server at ${server} refused the key. Check OPENAI_API_KEY.`,
      });
    case 404:
      return new ChatModelError({
        code: "no_such_model",
        sentence: `The model's server at ${server} does not have ${model}. Check LLM_MODEL.`,
      });
    case 429:
      return new ChatModelError({
        code: "too_many_requests",
        sentence: `The model's server at ${server} takes no more requests just now.`,
      });
    case undefined:
      return brokenOff({ baseUrl });
    default:
      return new ChatModelError({
        code: "server_failed",
        sentence: `The model's server at ${server} failed with status ${status}.`,
      });
  }
}

function brokenOff({ baseUrl }: Pick<OpenAiSettings, "baseUrl">): ChatModelError {
  return new ChatModelError({
    code: "broken_off",
    sentence: `The model's server at ${hostOf(baseUrl)} broke off in the middle.`,
  });
}

function hostOf(baseUrl: string): string {
  return URL.parse(baseUrl)?.host ?? "its address";
}
