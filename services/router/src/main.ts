import { runService } from "@ts-tars/service";
import { routerService } from "./definition.ts";

await runService(routerService);
