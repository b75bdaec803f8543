/** Sentences of a tts-worker that nobody hears: made in an instant, of a sound of 1 ms, for a loudspeaker that is none. */
import { randomBytes } from "node:crypto";
import { openNullSink, samplesOfMs } from "@ts-tars/audio";
import { ttsSay, ttsStatus } from "@ts-tars/contracts";
import { type Rehearsal, SYSTEM_CLOCK } from "@ts-tars/service";
import type { TtsWorkerConfig } from "./config.ts";
import { EngineChoice } from "./engine-choice.ts";
import type { Mouth } from "./mouth.ts";
import { ttsWorker } from "./service.ts";
import type { SpeechEngine } from "./speech-engine.ts";
import { Synthesis } from "./synthesis.ts";

type RehearsedDeps = Parameters<Rehearsal<TtsWorkerConfig>["create"]>[0];

export const ttsWorkerRehearsal: Rehearsal<TtsWorkerConfig> = {
  create: (deps) =>
    ttsWorker({
      ...{ client: deps.client, health: deps.health, log: deps.log, clock: SYSTEM_CLOCK },
      openMouth: () => openSilentMouth(deps),
      settings: deps.settings,
      siteCountMax: deps.config.siteCount,
    }),
  cast: async (others) => {
    const ends = new Map<string, () => void>();
    await others.subscribe(ttsStatus, ({ data: { event, say_id = "" } }) => {
      if (event === "speaking_end" || event === "failed") ends.get(say_id)?.();
    }).active;
    return async (number) => {
      const [uttId, sayId, ended] = [newId(), newId(), Promise.withResolvers<void>()];
      ends.set(sayId, ended.resolve);
      // A text of its own, so that it is made and not remembered.
      const text = `It is ${number} minutes past nine.`;
      others.publish(ttsSay, { utt_id: uttId, say_id: sayId, seq: 0, kind: "answer", text, last: true });
      await ended.promise;
      ends.delete(sayId);
    };
  },
};

const INSTANT_MS = 1;

const INSTANT_ENGINE: SpeechEngine = {
  name: "rehearsal",
  isAudible: false,
  settings: "",
  check: async () => undefined,
  speaks: () => true,
  synthesize: async () => ({ expectedMs: INSTANT_MS, pcm: instantOfSilence() }),
};

async function* instantOfSilence(): AsyncGenerator<Int16Array, void, undefined> {
  yield new Int16Array(samplesOfMs(INSTANT_MS));
}

async function openSilentMouth({ config: { lang }, health, log }: RehearsedDeps): Promise<Mouth> {
  const clock = SYSTEM_CLOCK;
  const choice = new EngineChoice({
    ...{ engines: [INSTANT_ENGINE], spare: undefined, lang, clock, health, log },
    onChange: () => undefined,
  });
  await choice.look();
  return {
    synthesis: new Synthesis({ choice, lang }),
    openSink: () => openNullSink({ clock }),
    detail: { engine: INSTANT_ENGINE.name, audible: false, sink: "null" },
    [Symbol.asyncDispose]: async () => choice.close(),
  };
}

function newId(): string {
  return randomBytes(16).toString("hex");
}
