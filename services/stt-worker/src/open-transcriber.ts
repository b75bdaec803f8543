import type { Log } from "@ts-tars/mqtt";
import type { Clock } from "@ts-tars/service";
import { PROFILES, type Transcriber } from "./transcriber.ts";
import { openPocketSphinx } from "./transcribers/pocketsphinx/pocketsphinx.ts";

/** The transcribers that settings may name. */
export const TRANSCRIBERS = ["pocketsphinx"] as const;

/** `auto` is what the machine can do, measured at the start. */
export const PROFILE_CHOICES = ["auto", ...PROFILES] as const;

export interface TranscriberSettings {
  readonly engine: (typeof TRANSCRIBERS)[number];
  readonly modelDir: string;
  readonly profile: (typeof PROFILE_CHOICES)[number];
}

/** What transcribes; also without a broker: benches and laboratories open it alone. */
export function openTranscriber(
  { engine, modelDir, profile }: TranscriberSettings,
  deps: { readonly clock: Clock; readonly log: Log },
): Transcriber {
  switch (engine) {
    case "pocketsphinx":
      return openPocketSphinx({ modelDir, profile: profile === "auto" ? undefined : profile, ...deps });
  }
}
