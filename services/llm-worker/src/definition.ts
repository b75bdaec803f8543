import { defineService } from "@ts-tars/service";
import { llmWorkerConfig } from "./config.ts";
import { openModel } from "./open-model.ts";
import { openWorker } from "./open-worker.ts";
import { llmWorkerRehearsal } from "./rehearsal.ts";
import { llmWorkerTopics } from "./topics.ts";

/** The llm-worker as `tars up` and `main.ts` start it. */
export const llmWorkerService = defineService({
  name: "llm-worker",
  topics: llmWorkerTopics,
  sharesRequests: true,
  config: llmWorkerConfig,
  create: (deps) => openWorker(deps, openModel(deps.config)),
  rehearsal: llmWorkerRehearsal,
});
