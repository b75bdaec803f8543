import type { ChatModel } from "./chat-model.ts";
import { openOfflineModel } from "./chat-models/offline.ts";
import { openOpenAiModel } from "./chat-models/openai.ts";
import type { LlmWorkerConfig } from "./config.ts";

/** The model that the settings name; without a server or a key it is the one that needs none. */
export function openModel(config: LlmWorkerConfig): ChatModel {
  const isConfigured = config.baseUrl !== undefined || config.apiKey !== undefined;
  const provider = config.provider === "auto" ? (isConfigured ? "openai" : "offline") : config.provider;
  if (provider === "offline") return openOfflineModel();
  const baseUrl = config.baseUrl ?? "https://api.openai.com/v1";
  // A server at home asks for no key, but the SDK does.
  const apiKey = config.apiKey?.reveal() ?? "none";
  const { model, maxTokens, temperature, topP, retries } = config;
  return openOpenAiModel({ baseUrl, apiKey, model, maxTokens, temperature, topP, retries });
}
