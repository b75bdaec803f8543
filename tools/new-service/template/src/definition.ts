import { turnAnswer } from "@ts-tars/contracts";
import { defineService } from "@ts-tars/service";
import { sampleServiceConfig } from "./config.ts";
import { sampleService } from "./service.ts";

/** The sample-service as `tars up` and `main.ts` start it. */
export const sampleServiceService = defineService({
  name: "sample-service",
  topics: { subscribes: [turnAnswer] },
  config: sampleServiceConfig,
  create: sampleService,
});
