import type { Clock } from "@ts-tars/service";
import type { AudioSink } from "./audio-sink.ts";
import { openNullSink } from "./audio-sinks/null.ts";

/** The sinks that settings may name. */
export const AUDIO_SINKS = ["null"] as const;

export interface SinkSettings {
  readonly sink: (typeof AUDIO_SINKS)[number];
}

export function openSink({ sink }: SinkSettings, { clock }: { readonly clock: Clock }): AudioSink {
  switch (sink) {
    case "null":
      return openNullSink(clock);
  }
}
