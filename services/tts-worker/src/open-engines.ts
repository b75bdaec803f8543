import type { Clock } from "@ts-tars/service";
import type { TtsWorkerConfig } from "./config.ts";
import type { SpeechEngine } from "./speech-engine.ts";
import { openEspeakNg } from "./speech-engines/espeak-ng.ts";
import { openFlite } from "./speech-engines/flite.ts";
import { openSilentEngine } from "./speech-engines/silent.ts";

/** The engines that may speak, best first, and what keeps time when none of them can. */
export interface Engines {
  readonly engines: readonly SpeechEngine[];
  readonly spare: SpeechEngine | undefined;
}

/** The engines that the settings name. */
export function openEngines(config: TtsWorkerConfig, clock: Clock): Engines {
  const silent = openSilentEngine({ charsPerSec: config.silentCharsPerSec });
  const { espeakVoice: englishVoice, espeakWordsPerMin: wordsPerMin } = config;
  const espeakNg = openEspeakNg({ clock, englishVoice, wordsPerMin });
  const flite = openFlite({ clock, voice: config.fliteVoice });
  switch (config.engine) {
    case "auto":
      return { engines: [espeakNg, flite], spare: silent };
    case "espeak-ng":
      return { engines: [espeakNg], spare: undefined };
    case "flite":
      return { engines: [flite], spare: undefined };
    case "silent":
      return { engines: [silent], spare: undefined };
  }
}
