import { defineService, SYSTEM_CLOCK } from "@ts-tars/service";
import { ttsWorkerConfig } from "./config.ts";
import { openEngine } from "./open-engine.ts";
import { openSink } from "./open-sink.ts";
import { ttsWorker } from "./service.ts";

/** The tts-worker as `tars up` and `main.ts` start it. */
export const ttsWorkerService = defineService({
  name: "tts-worker",
  config: ttsWorkerConfig,
  create: ({ config, client, health, log }) =>
    ttsWorker({
      ...{ client, health, log, clock: SYSTEM_CLOCK },
      engine: openEngine(config),
      openSink: () => openSink(config, { clock: SYSTEM_CLOCK }),
      volume: config.volume,
      siteCountMax: config.siteCount,
    }),
});
