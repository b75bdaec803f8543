/** Turns of a router that nobody hears: typed and spoken ones in turn, answered by its own intents and by a model. */
import { randomBytes } from "node:crypto";
import {
  type LLMRequest,
  llmRequest,
  llmResponse,
  llmStream,
  sttFinal,
  systemHealth,
  type TtsSay,
  type TtsStatus,
  ttsSay,
  ttsStatus,
  turnAsk,
  turnListen,
  turnReport,
  wakeMic,
} from "@ts-tars/contracts";
import type { Client } from "@ts-tars/mqtt";
import type { Rehearsal, Round } from "@ts-tars/service";
import type { RouterConfig } from "./config.ts";
import { HEARING_SERVICE, MODEL_SERVICE, SPEECH_SERVICE } from "./endings.ts";
import { openRouter } from "./open-router.ts";
import { FORGETFUL_STORE } from "./timers/timer-store.ts";

/** Workers tell that they are there every 15 s; only on a slow board a rehearsal lasts long enough to tell it again. */
const ROUNDS_BETWEEN_SIGNS = 50;

const WORKERS = [HEARING_SERVICE, MODEL_SERVICE, SPEECH_SERVICE];

/** What the built-in intents answer, and last what they do not; what somebody's own intents do not know is the model's too. */
const QUESTIONS = [
  "what time is it",
  "what is the date",
  "thank you",
  "what is your name",
  "why is the sky blue",
] as const;

/** It has no ports but the bus and its timers: the router itself is rehearsed, and keeps none. */
export const routerRehearsal: Rehearsal<RouterConfig> = { create: (deps) => openRouter(deps, FORGETFUL_STORE), cast };

async function cast(others: Client): Promise<Round> {
  const turns = new Map<string, { readonly text: string; readonly end: () => void }>();
  const subscriptions = [
    others.subscribe(wakeMic, ({ data: { grant, utt_id } }) => {
      const turn = grant === "open" && utt_id !== undefined ? turns.get(utt_id) : undefined;
      if (turn === undefined) return;
      others.publish(sttFinal, { text: turn.text, utt_id, reason: "silence", endpoint_ms: 400, transcribe_ms: 20 });
    }),
    others.subscribe(llmRequest, ({ data }) => think(others, data)),
    others.subscribe(ttsSay, ({ data }) => speak(others, data)),
    others.subscribe(turnReport, ({ data }) => turns.get(data.utt_id)?.end()),
  ];
  await Promise.all(subscriptions.map(({ active }) => active));
  const [boot, session] = [newId(), newId().slice(0, 16)];
  const ready = { ok: true, event: "ready", boot, session } as const;
  return async (number) => {
    if (number % ROUNDS_BETWEEN_SIGNS === 0) {
      for (const service of WORKERS) others.publish(systemHealth.at({ service }), ready);
    }
    const [uttId, ended] = [newId(), Promise.withResolvers<void>()];
    const text = QUESTIONS[number % QUESTIONS.length] ?? QUESTIONS[0];
    turns.set(uttId, { text, end: ended.resolve });
    // All of them typed, then all of them spoken.
    const isTyped = Math.floor(number / QUESTIONS.length) % 2 === 0;
    if (isTyped) others.publish(turnAsk, { utt_id: uttId, text, speak: "yes", origin: "typed" });
    else others.publish(turnListen, { action: "start", utt_id: uttId, speak: "yes" });
    await ended.promise;
    turns.delete(uttId);
  };
}

/** A model that knows one answer. */
function think(others: Client, { id }: LLMRequest): void {
  const by = { provider: "rehearsal", model: "one answer" };
  others.publish(llmStream, { id, seq: 1, delta: "Because of the ", ...by });
  others.publish(llmStream, { id, seq: 2, delta: "air.", ...by });
  others.publish(llmStream, { id, seq: 3, done: true, ...by });
  others.publish(llmResponse, { id, reply: "Because of the air.", ...by });
}

/** A loudspeaker that is as fast as it is silent. */
function speak(others: Client, { text, ...say }: TtsSay): void {
  const { utt_id, say_id, seq, last, kind } = say;
  const status: Omit<TtsStatus, "event"> = { text, utt_id, say_id, seq, last, kind, site_id: say.site_id };
  others.publish(ttsStatus, { ...status, event: "queued" });
  others.publish(ttsStatus, { ...status, event: "speaking_start", first_audible_ms: 1, expected_ms: 1 });
  others.publish(ttsStatus, { ...status, event: "speaking_end", reason: "done", spoken_ratio: 1 });
}

function newId(): string {
  return randomBytes(16).toString("hex");
}
