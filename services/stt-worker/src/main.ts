import { runService } from "@ts-tars/service";
import { sttWorkerService } from "./definition.ts";

await runService(sttWorkerService);
