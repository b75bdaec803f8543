export { ttsWorkerService } from "./definition.ts";
