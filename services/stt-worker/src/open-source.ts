import { type AudioSource, openDeviceSource, openFanoutSource, openWavSource } from "@ts-tars/audio";
import type { Clock } from "@ts-tars/service";

/** The sources that settings may name. */
export const AUDIO_SOURCES = ["device", "wav", "fanout", "none"] as const;

export interface SourceSettings {
  readonly source: (typeof AUDIO_SOURCES)[number];
  readonly device?: string | undefined;
  readonly command?: string | undefined;
  readonly file?: string | undefined;
  readonly fanout?: string | undefined;
}

/** What this machine hears with; undefined: nothing of its own. */
export function openSource(settings: SourceSettings, clock: Clock): AudioSource | undefined {
  const { source, device, command, file = "", fanout = "" } = settings;
  switch (source) {
    case "device":
      return openDeviceSource({
        clock,
        ...(device !== undefined && { device }),
        ...(command !== undefined && { command }),
      });
    case "wav":
      return openWavSource({ path: file, clock, pace: "real_time", trailingSilenceMs: 2_000 });
    case "fanout":
      return openFanoutSource({ path: fanout, clock });
    case "none":
      return undefined;
  }
}
