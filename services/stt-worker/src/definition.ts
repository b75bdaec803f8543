import { defineService, SYSTEM_CLOCK, stateFolder } from "@ts-tars/service";
import { sttWorkerConfig } from "./config.ts";
import { openSource } from "./open-source.ts";
import { openTranscriber } from "./open-transcriber.ts";
import { openPrivacyStore } from "./privacy-store.ts";
import { sttWorkerRehearsal } from "./rehearsal.ts";
import { sttWorker } from "./service.ts";
import { openShare } from "./share.ts";
import { sttWorkerTopics } from "./topics.ts";
import { energyDetector } from "./voice-detectors/energy.ts";

/** The stt-worker as `tars up` and `main.ts` start it. */
export const sttWorkerService = defineService({
  name: "stt-worker",
  topics: sttWorkerTopics,
  config: sttWorkerConfig,
  create: ({ config, settings, ...deps }) =>
    sttWorker({
      ...deps,
      clock: SYSTEM_CLOCK,
      transcriber: openTranscriber(config, { clock: SYSTEM_CLOCK, log: deps.log }),
      openDetector: energyDetector,
      source: openSource(config, SYSTEM_CLOCK),
      privacyStore: openPrivacyStore(stateFolder(config)),
      siteCount: config.siteCount,
      openShare: () => openShare({ path: config.fanoutPath, rawPath: config.fanoutRawPath, ...deps }),
      tellsSpectrum: () => settings.current.spectrum,
    }),
  rehearsal: sttWorkerRehearsal,
});
