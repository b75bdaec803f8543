/** Utterances of an stt-worker that nobody spoke: a tone over the private bus, read in an instant. */
import { randomBytes } from "node:crypto";
import { FRAME_SAMPLES, samplesOfMs, sendSound } from "@ts-tars/audio";
import { sttFinal, sttRefused, sttState, wakeMic } from "@ts-tars/contracts";
import type { Client } from "@ts-tars/mqtt";
import { type Rehearsal, type Round, SYSTEM_CLOCK } from "@ts-tars/service";
import type { SttWorkerConfig } from "./config.ts";
import type { PrivacyStore } from "./privacy-store.ts";
import { sttWorker } from "./service.ts";
import { openShare } from "./share.ts";
import type { Decoder, Readings, Transcriber } from "./transcriber.ts";
import { energyDetector } from "./voice-detectors/energy.ts";

/** What every utterance is read as. */
const TEXT = "what time is it";
const SITE = "rehearsal";
/** Long enough to be taken for speech. */
const TONE = toneOf({ durationMs: 120, frequencyHz: 300 });
/** Nobody waits for the time that the tone would sound. */
const SPEED = 1_000;

export const sttWorkerRehearsal: Rehearsal<SttWorkerConfig> = {
  create: ({ config, settings, ...deps }) =>
    sttWorker({
      ...deps,
      clock: SYSTEM_CLOCK,
      transcriber: INSTANT_TRANSCRIBER,
      openDetector: energyDetector,
      source: undefined,
      privacyStore: FORGETFUL_STORE,
      siteCount: config.siteCount,
      openShare: () => openShare({ path: undefined, rawPath: undefined, ...deps }),
      tellsSpectrum: () => settings.current.spectrum,
    }),
  cast,
};

async function cast(others: Client): Promise<Round> {
  const scenes = new Map<string, { readonly opened: () => void; readonly told: () => void }>();
  const told = (uttId = ""): void => scenes.get(uttId)?.told();
  const subscriptions = [
    others.subscribe(sttState.at({ site: SITE }), ({ data: { grant, utt_id = "" } }) => {
      if (grant === "open") scenes.get(utt_id)?.opened();
    }),
    others.subscribe(sttFinal, ({ data }) => told(data.utt_id)),
    others.subscribe(sttRefused, ({ data }) => told(data.utt_id)),
  ];
  await Promise.all(subscriptions.map(({ active }) => active));
  const pace = { clock: SYSTEM_CLOCK, signal: new AbortController().signal };
  return async () => {
    const [uttId, captureId] = [newId(), newId().slice(0, 16)];
    const [open, heard] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    scenes.set(uttId, { opened: open.resolve, told: heard.resolve });
    const order = { site_id: SITE, utt_id: uttId } as const;
    others.publish(wakeMic, { ...order, grant: "open", capture_id: captureId, from_sample: 0, ttl_ms: 8_000 });
    await open.promise;
    await sendSound(others, { siteId: SITE, captureId, pcm: TONE, speed: SPEED, isFile: true }, pace);
    await heard.promise;
    others.publish(wakeMic, { ...order, grant: "armed" });
    scenes.delete(uttId);
  };
}

const READINGS: Readings = {
  open: { text: TEXT, phones: [] },
  command: undefined,
  words: TEXT.split(" ").map((word, at) => ({ word, startMs: at * 50, endMs: at * 50 + 40 })),
  grammarVersion: undefined,
};

const INSTANT_TRANSCRIBER: Transcriber = {
  name: "rehearsal",
  open: ({ onUp }): Decoder => {
    const facts = { profile: "full", realTimeRatio: 0 } as const;
    queueMicrotask(() => onUp(facts));
    return {
      state: { kind: "up", facts },
      useGrammar: () => undefined,
      begin: ({ onPartial }) => ({
        feed: () => onPartial(READINGS),
        finish: async () => READINGS,
        drop: () => undefined,
      }),
      [Symbol.asyncDispose]: async () => undefined,
    };
  },
};

/** Nothing is asked of anybody, and no answer is kept. */
const FORGETFUL_STORE: PrivacyStore = {
  read: async () => ({ on: false, reason: "rehearsal" }),
  write: async () => undefined,
};

function toneOf({
  durationMs,
  frequencyHz,
}: {
  readonly durationMs: number;
  readonly frequencyHz: number;
}): Int16Array {
  const sampleCount = samplesOfMs(durationMs);
  return Int16Array.from({ length: sampleCount - (sampleCount % FRAME_SAMPLES) }, (_, at) =>
    Math.round(5_000 * Math.sin((2 * Math.PI * frequencyHz * at) / 16_000)),
  );
}

function newId(): string {
  return randomBytes(16).toString("hex");
}
