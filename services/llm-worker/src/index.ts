export { llmWorkerService } from "./definition.ts";
