import { runService } from "@ts-tars/service";
import { llmWorkerService } from "./definition.ts";

await runService(llmWorkerService);
