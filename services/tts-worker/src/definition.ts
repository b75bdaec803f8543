import { defineService, SYSTEM_CLOCK } from "@ts-tars/service";
import { ttsWorkerConfig } from "./config.ts";
import { openMouth } from "./mouth.ts";
import { ttsWorkerRehearsal } from "./rehearsal.ts";
import { ttsWorker } from "./service.ts";
import { ttsWorkerTopics } from "./topics.ts";

/** The tts-worker as `tars up` and `main.ts` start it. */
export const ttsWorkerService = defineService({
  name: "tts-worker",
  topics: ttsWorkerTopics,
  config: ttsWorkerConfig,
  create: (deps) =>
    ttsWorker({
      ...{ client: deps.client, health: deps.health, log: deps.log, clock: SYSTEM_CLOCK },
      openMouth: () => openMouth({ ...deps, clock: SYSTEM_CLOCK }),
      settings: deps.settings,
      siteCountMax: deps.config.siteCount,
    }),
  rehearsal: ttsWorkerRehearsal,
});
