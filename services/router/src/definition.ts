import { defineService } from "@ts-tars/service";
import { routerConfig } from "./config.ts";
import { openRouter } from "./open-router.ts";
import { routerRehearsal } from "./rehearsal.ts";
import { routerTopics } from "./topics.ts";

/** The router as `tars up` and `main.ts` start it. */
export const routerService = defineService({
  name: "router",
  topics: routerTopics,
  config: routerConfig,
  create: (deps) => openRouter(deps),
  rehearsal: routerRehearsal,
});
