import { defineService, SYSTEM_CLOCK } from "@ts-tars/service";
import { llmWorkerConfig } from "./config.ts";
import { QUIET_MS } from "./deadlines.ts";
import { openModel } from "./open-model.ts";
import { estimateTokens } from "./prompt.ts";
import { llmWorker } from "./service.ts";
import { llmWorkerTopics } from "./topics.ts";

/** The llm-worker as `tars up` and `main.ts` start it. */
export const llmWorkerService = defineService({
  name: "llm-worker",
  topics: llmWorkerTopics,
  sharesRequests: true,
  config: llmWorkerConfig,
  create: ({ config, settings, client, health, log, share }) =>
    llmWorker({
      ...{ client, health, log, share, clock: SYSTEM_CLOCK },
      model: openModel(config),
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
    }),
});
