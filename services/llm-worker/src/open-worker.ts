import { type Service, type ServiceDeps, SYSTEM_CLOCK } from "@ts-tars/service";
import type { ChatModel } from "./chat-model.ts";
import type { LlmWorkerConfig } from "./config.ts";
import { QUIET_MS } from "./deadlines.ts";
import { estimateTokens } from "./prompt.ts";
import { llmWorker } from "./service.ts";

/** An llm-worker by its settings, but for the model. */
export function openWorker(deps: ServiceDeps<LlmWorkerConfig>, model: ChatModel): Service {
  const { config, settings, client, health, log, share } = deps;
  return llmWorker({
    ...{ client, health, log, share, model, clock: SYSTEM_CLOCK },
    persona: () => settings.current.persona,
    budget: { contextTokens: config.ctxWindow, answerTokens: config.maxTokens, countTokens: estimateTokens },
    deadlines: {
      firstTextMs: config.firstTokenTimeoutSec * 1_000,
      warmUpMs: config.warmUpTimeoutSec * 1_000,
      stallMs: config.stallTimeoutSec * 1_000,
      wholeMs: config.requestTimeoutSec * 1_000,
      quietMs: QUIET_MS,
    },
    concurrency: config.concurrency,
  });
}
