import type { SpeechEngine } from "./speech-engine.ts";
import { openSilentEngine } from "./speech-engines/silent.ts";

/** The engines that settings may name. */
export const SPEECH_ENGINES = ["silent"] as const;

export interface EngineSettings {
  readonly engine: (typeof SPEECH_ENGINES)[number];
  readonly silentCharsPerSec: number;
}

export function openEngine({ engine, silentCharsPerSec }: EngineSettings): SpeechEngine {
  switch (engine) {
    case "silent":
      return openSilentEngine({ charsPerSec: silentCharsPerSec });
  }
}
