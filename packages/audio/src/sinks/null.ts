import type { AudioSink } from "../audio-sink.ts";
import { AudioSinkError } from "../errors.ts";
import { PacedSink, type SinkOptions } from "./paced-sink.ts";
import type { Outlet, Speaker } from "./speaker.ts";

/** Keeps time without sound: a sentence lasts as long as it would sound. */
export function openNullSink(options: SinkOptions): AudioSink {
  return new PacedSink(NOWHERE, options);
}

const OUTLET: Outlet = {
  timing: { by: "clock", latencyMs: 0 },
  endsBy: "playhead",
  write: () => undefined,
  finish: () => undefined,
  cut: () => undefined,
  release: () => undefined,
};

const NOWHERE: Speaker = {
  name: "null",
  isAudible: false,
  prepare: () => undefined,
  open: async () => OUTLET,
  silence: () => new AudioSinkError("Time stands still.", { remedy: "Restart the service." }),
  close: async () => undefined,
};
