import { type AudioSink, findDevicePlayer, openDeviceSink, openNullSink, openWavSink, type Tap } from "@ts-tars/audio";
import type { TtsWorkerConfig } from "./config.ts";
import { HomeSink, type HomeSinkDeps } from "./home-sink.ts";

export interface HomeOptions extends Pick<HomeSinkDeps, "clock" | "health" | "log" | "onChange"> {
  /** Hears what the loudspeaker plays. */
  readonly tap: Tap | undefined;
}

/** The loudspeaker of the site `default`, as the settings name it. Resolves when it is known whether it works, 2 s at most. */
export async function openHomeSink(config: TtsWorkerConfig, { tap, ...deps }: HomeOptions): Promise<AudioSink> {
  const { clock } = deps;
  switch (config.sink) {
    case "null":
      return openNullSink({ clock });
    case "wav":
      return openWavSink({ clock, tap, path: config.file, pace: config.filePace });
    case "auto":
    case "device": {
      const { device, command } = config;
      const choice = { device, command };
      const home = new HomeSink({
        ...deps,
        device: openDeviceSink({ clock, tap, ...choice }),
        spare: config.sink === "auto" ? openNullSink({ clock }) : undefined,
        check: () => findDevicePlayer(choice),
      });
      await firstLook(home, deps);
      return home;
    }
  }
}

/** A sound system that hangs must not hold up the start: it is told when it is known. */
const FIRST_LOOK_MS = 2_000;

function firstLook(home: HomeSink, { clock }: Pick<HomeOptions, "clock">): Promise<void> {
  return new Promise((resolve) => {
    const cancelTimer = clock.setTimer(FIRST_LOOK_MS, resolve);
    // `look` never rejects.
    void home.look().then(() => {
      cancelTimer();
      resolve();
    });
  });
}
