import { defineConfig, field, type Values } from "@ts-tars/service";
import { FLITE_VOICES } from "./speech-engines/flite.ts";

/** Every setting of tts-worker. */
export const ttsWorkerConfig = defineConfig({
  name: "tts-worker",
  prefix: "TTS",
  fields: {
    engine: field.choice({
      doc: "What makes speech of text. `auto`: `espeak-ng` when it is installed, else `flite`, else `silent`, which only keeps the time a voice would take.",
      choices: ["auto", "espeak-ng", "flite", "silent"],
      default: "auto",
    }),
    sink: field.choice({
      doc: "Where speech of the site `default` goes; other sites have a loudspeaker of their own. `auto`: `device` when one works, else `null`, which keeps time without sound. `wav` writes a file.",
      choices: ["auto", "device", "null", "wav"],
      default: "auto",
    }),
    lang: field.text({
      doc: "The language of sentences that name none.",
      env: "TARS_LANG",
      default: "en",
    }),
    espeakVoice: field.text({
      doc: "The voice of `espeak-ng` for English: one of `espeak-ng --voices=en`, and a variant. Other languages use the voice of their name.",
      default: "en-us+klatt2",
    }),
    espeakWordsPerMin: field.int({
      doc: "How fast `espeak-ng` speaks.",
      unit: "words per minute",
      min: 80,
      max: 450,
      default: 140,
    }),
    fliteVoice: field.choice({ doc: "The voice of `flite`.", choices: FLITE_VOICES, default: "slt" }),
    silentCharsPerSec: field.number({
      doc: "How fast the engine `silent` pretends to speak.",
      unit: "characters per second",
      min: 1,
      max: 10_000,
      default: 15,
    }),
    device: field.text({
      doc: "The loudspeaker, as the player calls it: a sink of `pactl list short sinks`, or a PCM of `aplay -L`. Default: the system's own.",
    }),
    command: field.text({
      doc: "A command of your own that plays raw 16-bit mono sound from its standard input; `{rate}` and `{device}` are filled in. It takes the place of `pacat`, `aplay` and `ffplay`.",
    }),
    file: field.text({
      doc: "With the sink `wav`: where speech is written; a file that was made here before is continued.",
      default: "tars-speech.wav",
    }),
    filePace: field.choice({
      doc: "Whether the sink `wav` takes the time that the speech takes, or writes it at once.",
      choices: ["real_time", "at_once"],
      default: "real_time",
    }),
    referencePath: field.text({
      doc: "A socket at which what the loudspeaker plays can be heard, for echo cancelling (fan-out v2). Default: none.",
    }),
    volume: field.number({
      doc: "How loud it speaks, until `tts/control` says otherwise.",
      unit: "0 is silent, 1 is full",
      min: 0,
      max: 1,
      default: 1,
      live: true,
    }),
    siteCount: field.int({
      doc: "Sites that are spoken to at the same time; beyond, the one that was silent for longest makes room.",
      unit: "sites",
      min: 1,
      max: 64,
      default: 16,
    }),
  },
});

/** The values of the settings. */
export type TtsWorkerConfig = Values<(typeof ttsWorkerConfig)["fields"]>;
