import { defineConfig, field, type Values } from "@ts-tars/service";

/** Every setting of router. */
export const routerConfig = defineConfig({
  name: "router",
  prefix: "ROUTER",
  fields: {
    robotName: field.text({ doc: "What the robot calls itself.", default: "TARS", live: true }),
    timeZone: field.text({ doc: "Zone of the spoken time and date (IANA name); unset: the system's.", env: "TZ" }),
    hours: field.choice({
      doc: "Spoken time in 12-hour or 24-hour form.",
      choices: ["12", "24"],
      default: "12",
      live: true,
    }),
    fakeNow: field.text({
      doc: "For tests: the moment the intents take for the start of the process (ISO 8601); it moves no other clock.",
      env: "TARS_FAKE_NOW",
    }),
    intents: field.text({
      doc: "Your own intents file (YAML; copy services/router/intents.yaml); unset: that one.",
    }),
    stateDir: field.text({
      doc: "Where timers outlive a restart; unset: `ts-tars` in `$XDG_STATE_HOME`, else in `~/.local/state`.",
    }),
    stateHome: field.text({ doc: "The folder of states of programs.", env: "XDG_STATE_HOME" }),
    filler: field.text({ doc: "Said when the answer takes long.", default: "One moment.", live: true }),
    fillerAfterMs: field.int({
      doc: "When it is said.",
      unit: "ms",
      min: 200,
      max: 60_000,
      default: 1_500,
      live: true,
    }),
    modelSilentMs: field.int({
      doc: "Without any sign of life of the model for longer, the turn ends in an apology.",
      unit: "ms",
      min: 1_000,
      max: 120_000,
      default: 20_000,
      live: true,
    }),
    answerMs: field.int({
      doc: "The whole answer must have come after this.",
      unit: "ms",
      min: 1_000,
      max: 600_000,
      default: 90_000,
      live: true,
    }),
    besideMax: field.int({
      doc: "Questions without speech that are answered at the same time, at each site.",
      min: 1,
      max: 31,
      default: 16,
      live: true,
    }),
    historyTurns: field.int({
      doc: "Turns that the model is told of, at each site.",
      unit: "turns",
      min: 0,
      max: 100,
      default: 10,
      live: true,
    }),
    siteCount: field.int({
      doc: "Sites with a conversation at the same time.",
      unit: "sites",
      min: 1,
      max: 256,
      default: 16,
    }),
    sayModelMissing: field.text({
      doc: "Said when no model is running.",
      default: "I cannot think right now, because my language model is not running.",
      live: true,
    }),
    sayModelFailed: field.text({
      doc: "Said when the model failed.",
      default: "Sorry, my language model could not answer that.",
      live: true,
    }),
    sayModelSilent: field.text({
      doc: "Said when the model took too long.",
      default: "Sorry, my language model took too long to answer.",
      live: true,
    }),
    sayRestarted: field.text({
      doc: "The answer to what was asked before a restart.",
      default: "I was restarted. Please ask again.",
      live: true,
    }),
    sayUnclear: field.text({
      doc: "Said when speech was not understood.",
      default: "I did not catch that.",
      live: true,
    }),
    sayNoSpeech: field.text({ doc: "Shown when nobody spoke.", default: "I did not hear anything.", live: true }),
    sayEarsMissing: field.text({
      doc: "Said when no stt-worker is running.",
      default: "I cannot hear right now, because my speech recogniser is not running.",
      live: true,
    }),
    sayPrivacy: field.text({
      doc: "Said when it is to listen and must not.",
      default: "I am not listening, because my microphone is switched off.",
      live: true,
    }),
    sayEarsBusy: field.text({
      doc: "Said when it listens at too many sites already.",
      default: "I am listening in too many rooms at once.",
      live: true,
    }),
    sayNoMicrophone: field.text({
      doc: "Said when there is no microphone.",
      default: "I cannot hear, because there is no microphone.",
      live: true,
    }),
    sayEngineMissing: field.text({
      doc: "Said when no speech recogniser is installed.",
      default: "I cannot understand speech, because no speech recogniser is installed.",
      live: true,
    }),
    sayAlarm: field.text({
      doc: "Said, again and again, when timers ring; {timers} are their names.",
      default: "Time is up: {timers}.",
      live: true,
    }),
    sayAlarmMissed: field.text({
      doc: "Shown when nobody silenced them.",
      default: "I rang for {timers}, and nobody came.",
      live: true,
    }),
    sayEngineFailed: field.text({
      doc: "Said when the speech recogniser failed.",
      default: "Sorry, my speech recogniser failed. Please say it again.",
      live: true,
    }),
  },
  checks: [
    {
      of: ["fakeNow"],
      problem: ({ fakeNow }) =>
        fakeNow !== undefined && Number.isNaN(Date.parse(fakeNow)) ? "it must be a moment in ISO 8601" : undefined,
    },
  ],
});

export type RouterConfig = Values<typeof routerConfig.fields>;
