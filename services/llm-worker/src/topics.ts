import {
  llmCancel,
  llmRequest,
  llmResponse,
  llmStream,
  systemHealth,
  turnCancel,
  turnCancelled,
} from "@ts-tars/contracts";
import type { ServiceTopics } from "@ts-tars/service";

/** What the llm-worker says and hears. */
export const llmWorkerTopics: ServiceTopics = {
  publishes: [llmStream, llmResponse, turnCancelled],
  subscribes: [llmRequest, llmCancel, turnCancel, systemHealth.at({ service: "router" })],
};
