import { runService } from "@ts-tars/service";
import { sampleServiceService } from "./definition.ts";

await runService(sampleServiceService);
