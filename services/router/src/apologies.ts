/** The one short sentence for each failure. The cause goes to the bus, not to the ear. Pure. */
import type { Rules, Sentences } from "./rules.ts";
import type { Failure } from "./turn.ts";

const SENTENCES: Readonly<Record<string, keyof Sentences>> = {
  llm_unavailable: "modelMissing",
  llm_silent: "modelSilent",
  llm_timeout: "modelSilent",
  too_many: "tooMany",
  nothing_asked: "nothingAsked",
  router_restart: "restarted",
  no_speech: "noSpeech",
  stt_unavailable: "earsMissing",
  // The reasons of `stt/refused` that end a turn.
  unclear: "unclear",
  privacy: "privacy",
  busy: "earsBusy",
  no_microphone: "noMicrophone",
  engine_missing: "engineMissing",
  engine_timeout: "engineFailed",
  engine_failed: "engineFailed",
};

/** What is said of a failure that nothing more is known of: that of the model. */
export function apology({ code }: Failure, { sentences }: Rules): string {
  return sentences[SENTENCES[code] ?? "modelFailed"];
}
