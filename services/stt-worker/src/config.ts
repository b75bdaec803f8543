import { defineConfig, field, type Values } from "@ts-tars/service";
import { AUDIO_SOURCES } from "./open-source.ts";
import { PROFILE_CHOICES, TRANSCRIBERS } from "./open-transcriber.ts";

/** Every setting of stt-worker. */
export const sttWorkerConfig = defineConfig({
  name: "stt-worker",
  prefix: "STT",
  fields: {
    source: field.choice({
      doc: "The microphone of this machine; browsers and satellites are heard besides. `none`: it has none.",
      choices: AUDIO_SOURCES,
      default: "device",
    }),
    device: field.text({
      doc: "Which microphone (a PulseAudio name, or ALSA's `hw:1,0`); unset: what the system takes for it.",
    }),
    command: field.text({
      doc: "A command of your own that writes raw 16-bit mono sound; `{rate}` and `{device}` are filled in.",
    }),
    file: field.text({ doc: "With the source `wav`: what is heard, once, as if it were spoken now." }),
    engine: field.choice({ doc: "What makes text of speech.", choices: TRANSCRIBERS, default: "pocketsphinx" }),
    modelDir: field.text({
      doc: "The folder of the speech models (`en-us`, `en-us.lm.bin`, `cmudict-en-us.dict`).",
      default: "/usr/share/pocketsphinx/model/en-us",
    }),
    profile: field.choice({
      doc: "How much is decoded; `auto`: what this machine can do, measured at the start.",
      choices: PROFILE_CHOICES,
      default: "auto",
    }),
    siteCount: field.int({
      doc: "Sites that are heard at the same time; each has a decoder of its own.",
      unit: "sites",
      min: 1,
      max: 8,
      default: 4,
    }),
    fanoutPath: field.text({
      doc: "A socket on which other services of this machine hear its microphone (fan-out v2); unset: none.",
      env: "AUDIO_FANOUT_PATH",
    }),
    fanoutRawPath: field.text({
      doc: "The same as raw samples without any frame, as older services expect it; unset: none.",
      env: "AUDIO_FANOUT_RAW_PATH",
    }),
    fanout: field.text({ doc: "With the source `fanout`: the socket of the service that has the microphone." }),
    spectrum: field.bool({
      doc: "Publish level and 16 bars of each site's sound on `stt/audio_fft`.",
      default: false,
      live: true,
    }),
    stateDir: field.text({
      doc: "Where the answer about privacy is kept; unset: `ts-tars` in `$XDG_STATE_HOME`, else in `~/.local/state`.",
    }),
    stateHome: field.text({ doc: "The folder of states of programs.", env: "XDG_STATE_HOME" }),
  },
  checks: [
    {
      of: ["source", "fanout"],
      problem: ({ source, fanout }) =>
        source === "fanout" && fanout === undefined ? "The source `fanout` needs a socket." : undefined,
    },
    {
      of: ["fanoutPath", "fanoutRawPath"],
      problem: ({ fanoutPath, fanoutRawPath }) =>
        fanoutRawPath !== undefined && fanoutPath === undefined
          ? "The raw socket stands beside the other one."
          : undefined,
    },
    {
      of: ["source", "file"],
      problem: ({ source, file }) =>
        source === "wav" && file === undefined ? "The source `wav` needs a file." : undefined,
    },
  ],
});

export type SttWorkerConfig = Values<typeof sttWorkerConfig.fields>;
