import { runService } from "@ts-tars/service";
import { ttsWorkerService } from "./definition.ts";

await runService(ttsWorkerService);
