import { defineConfig, field } from "@ts-tars/service";
import { SPEECH_ENGINES } from "./open-engine.ts";
import { AUDIO_SINKS } from "./open-sink.ts";

/** Every setting of tts-worker. */
export const ttsWorkerConfig = defineConfig({
  name: "tts-worker",
  prefix: "TTS",
  fields: {
    engine: field.choice({
      doc: "What makes speech of text. `silent` makes none: it only keeps the time a voice would take.",
      choices: SPEECH_ENGINES,
      default: "silent",
    }),
    sink: field.choice({
      doc: "Where speech goes. `null` keeps time without sound.",
      choices: AUDIO_SINKS,
      default: "null",
    }),
    silentCharsPerSec: field.number({
      doc: "How fast the engine `silent` pretends to speak.",
      unit: "characters per second",
      min: 1,
      max: 10_000,
      default: 15,
    }),
    volume: field.number({ doc: "Volume at start.", unit: "0 is silent, 1 is full", min: 0, max: 1, default: 1 }),
    siteCount: field.int({
      doc: "Sites with a loudspeaker of their own at the same time.",
      unit: "sites",
      min: 1,
      max: 64,
      default: 16,
    }),
  },
});
