import { randomBytes } from "node:crypto";
import { defineService, SYSTEM_CLOCK } from "@ts-tars/service";
import { type RouterConfig, routerConfig } from "./config.ts";
import { openIntents } from "./open-intents.ts";
import { DEFAULT_RULES, type Rules } from "./rules.ts";
import { router } from "./service.ts";
import { routerTopics } from "./topics.ts";
import { wallClock } from "./wall-clock.ts";

/** The router as `tars up` and `main.ts` start it. */
export const routerService = defineService({
  name: "router",
  topics: routerTopics,
  config: routerConfig,
  create: async ({ config, settings, client, log, boot, health }) =>
    router({
      ...{ client, log, boot, clock: SYSTEM_CLOCK },
      intents: await openIntents({ path: config.intents, log, health }),
      rules: () => rulesOf(settings.current),
      wallClock: wallClock(config, Date.now),
      manner: () => settings.current,
      newId: () => randomBytes(16).toString("hex"),
      siteCountMax: config.siteCount,
    }),
});

function rulesOf(config: RouterConfig): Rules {
  const { fillerAfterMs, modelSilentMs, answerMs, besideMax, historyTurns } = config;
  return {
    ...DEFAULT_RULES,
    ...{ fillerAfterMs, modelSilentMs, answerMs, besideMax },
    history: { ...DEFAULT_RULES.history, turnsMax: historyTurns },
    sentences: {
      ...DEFAULT_RULES.sentences,
      filler: config.filler,
      modelMissing: config.sayModelMissing,
      modelFailed: config.sayModelFailed,
      modelSilent: config.sayModelSilent,
      restarted: config.sayRestarted,
      unclear: config.sayUnclear,
      noSpeech: config.sayNoSpeech,
      earsMissing: config.sayEarsMissing,
      privacy: config.sayPrivacy,
      earsBusy: config.sayEarsBusy,
      noMicrophone: config.sayNoMicrophone,
      engineMissing: config.sayEngineMissing,
      engineFailed: config.sayEngineFailed,
    },
  };
}
