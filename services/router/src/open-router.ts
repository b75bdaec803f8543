import { randomBytes } from "node:crypto";
import { type Service, type ServiceDeps, SYSTEM_CLOCK, stateFolder } from "@ts-tars/service";
import type { RouterConfig } from "./config.ts";
import { openIntents } from "./open-intents.ts";
import { DEFAULT_RULES, type Rules } from "./rules.ts";
import { router } from "./service.ts";
import { TimerKeeper } from "./timers/timer-keeper.ts";
import { openTimerStore, type TimerStore } from "./timers/timer-store.ts";
import { wallClock } from "./wall-clock.ts";

/** A router by its settings; without a store it keeps its timers in the folder of states. */
export async function openRouter(
  deps: ServiceDeps<RouterConfig>,
  store: TimerStore = openTimerStore(stateFolder(deps.config)),
): Promise<Service> {
  const { config, settings, client, log, boot, health } = deps;
  return router({
    ...{ client, log, boot, clock: SYSTEM_CLOCK },
    intents: await openIntents({ path: config.intents, log, health }),
    rules: () => rulesOf(settings.current),
    wallClock: wallClock(config, Date.now),
    manner: () => settings.current,
    newId: () => randomBytes(16).toString("hex"),
    keeper: new TimerKeeper({ store, clock: SYSTEM_CLOCK, epochMs: Date.now, log, health }),
    siteCountMax: config.siteCount,
  });
}

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
      alarm: config.sayAlarm,
      alarmMissed: config.sayAlarmMissed,
    },
  };
}
